"""The example operations in GraphiQL's tabs."""


def examples(public_url: str) -> list[tuple[str, str]]:
    """Return titles and operations. `public_url` is the address to return to after onboarding."""
    return [(title, text.replace("PUBLIC_URL", public_url)) for title, text in _EXAMPLES]


_EXAMPLES = (
    (
        "Create a merchant",
        """\
# Run it twice: the second run returns the same merchant, with created: false.
mutation CreateMerchant {
  createMerchant(
    input: {
      externalId: "shop-1"
      displayName: "Shop Example"
      contactEmail: "owner@shop.example"
      country: "US"
    }
  ) {
    __typename
    ... on CreateMerchantPayload {
      created
      merchant { id status summary nextAction { kind label } }
    }
    ... on Error { message }
  }
}
""",
    ),
    (
        "Onboard",
        """\
# Open the url in a new tab soon: it works once and expires after a few minutes.
mutation Onboard {
  createOnboardingLink(
    input: { merchant: { externalId: "shop-1" }, returnTo: "PUBLIC_URL/graphql" }
  ) {
    __typename
    ... on CreateOnboardingLinkPayload { url expiresAt }
    ... on Error { message }
  }
}
""",
    ),
    (
        "Where does it stand?",
        """\
query WhereDoesItStand {
  merchant(by: { externalId: "shop-1" }) {
    status
    summary
    nextAction { kind by label deadline }
    dashboard {
      available
      unavailableReason
      url
      tasks {
        title
        available
        attention
        explanation
      }
    }
    requirements {
      dueCount
      pendingCount
      entries {
        title
        help
        deadline
        awaitingActionFrom
        errors { explanation }
      }
    }
    timeline(first: 5) {
      edges { node { at kind message } }
    }
    freshness { syncedAt source stale }
  }
}
""",
    ),
    (
        "Watch",
        """\
# Runs until you stop it. With the header "Accept": "text/event-stream" it needs no WebSocket.
subscription Watch {
  merchantChanged(by: { externalId: "shop-1" }) {
    status
    summary
    nextAction { kind by label }
    freshness { syncedAt source }
  }
}
""",
    ),
    (
        "Everybody",
        """\
query Everybody {
  platform {
    statusCounts { status count }
    webhooks { lastReceivedAt backlog failed }
  }
  merchants(first: 10, orderBy: NEXT_DEADLINE_ASC) {
    edges { node { externalId displayName status nextAction { by label } } }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    ),
)
