"""Files of evidence for disputes. The files are stored at Stripe only."""

from connect.disputes import calls, checks, inputs
from connect.disputes.inputs import File
from connect.stripe_api.gateway import Gateway
from models import Dispute, now, uuid7


async def check(dispute: Dispute, name: str) -> None:
    """Raise InvalidInput for an unsuitable file name, and DisputeNotAnswerable if the dispute takes no
    evidence.

    Makes no call to Stripe.
    """
    inputs.check_name(name)
    await checks.check(dispute, checks.STAGE, None)


async def upload(gateway: Gateway, dispute: Dispute, file: File) -> str:
    """Upload a file to the dispute's account, and return Stripe's id of the file.

    The file becomes evidence when an answer names the id. A file that is uploaded twice does no harm. Raises
    InvalidInput before the call to Stripe, or StripeRefused or StripeUnavailable.
    """
    inputs.check_file(file)
    return await send(gateway, dispute, file)


async def send(gateway: Gateway, dispute: Dispute, file: File) -> str:
    """Upload a file that was checked, and return Stripe's id of the file."""
    key = f"evidence:{uuid7(await now())}"
    answer = await calls.upload_file(gateway, dispute.stripe_account_id, file.name, file.content, key)
    return str(answer["id"])
