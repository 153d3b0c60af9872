"""Mail servers as the tests need them."""

from django.core.mail.backends.locmem import EmailBackend


class RefusesOne(EmailBackend):
    """Refuses each address that begins with "tu-choi" and takes all others."""

    def send_messages(self, messages) -> int:
        """Take the letters in, up to one that is refused."""
        for message in messages:
            if message.to[0].startswith("tu-choi"):
                raise OSError("refused")
        return super().send_messages(messages)
