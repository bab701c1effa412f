"""Migration statements that may run while the previous release serves requests, and those that may not."""

import pytest

from testing import online_changes

TABLE = 'CREATE TABLE "new" ("id" UUID NOT NULL  PRIMARY KEY)'


@pytest.mark.parametrize(
    "statement",
    [
        f'{TABLE};\nCREATE INDEX "i" ON "new" ("id");\nCOMMENT ON TABLE "new" IS \'One; it\'\'s new.\';',
        'CREATE INDEX CONCURRENTLY "i" ON "merchant" ("id")',
        'DROP INDEX "i"',
        'ALTER TABLE "merchant" ADD COLUMN "stage" VARCHAR(32)',
        'ALTER TABLE "merchant" ADD COLUMN "attempts" INT NOT NULL DEFAULT 0',
        'ALTER TABLE "merchant" ALTER COLUMN "stage" DROP NOT NULL',
        'ALTER TABLE "merchant" ADD CONSTRAINT "c" CHECK (attempts > 0) NOT VALID',
    ],
)
def test_statements_without_a_long_lock_are_accepted(statement: str) -> None:
    assert online_changes.faults(["--", "-- Add field", statement]) == []


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX "i" ON "merchant" ("id")',
        'CREATE UNIQUE INDEX "i" ON "merchant" ("id")',
        'ALTER TABLE "merchant" ALTER COLUMN "stage" TYPE BIGINT',
        'ALTER TABLE "merchant" ALTER COLUMN "stage" SET NOT NULL',
        'ALTER TABLE "merchant" ADD COLUMN "stage" VARCHAR(32) NOT NULL',
        'ALTER TABLE "merchant" ADD COLUMN "stage" VARCHAR(32) UNIQUE',
        'ALTER TABLE "merchant" ADD COLUMN "number" BIGSERIAL',
        'ALTER TABLE "merchant" ADD COLUMN "at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()',
        'ALTER TABLE "merchant" ADD CONSTRAINT "c" UNIQUE ("stage")',
        'ALTER TABLE "merchant" DROP COLUMN "stage" CASCADE',
        'ALTER TABLE "merchant" RENAME COLUMN "stage" TO "phase"',
        'DROP TABLE "merchant" CASCADE',
        'UPDATE "merchant" SET "stage" = 1',
        "-- THIS OPERATION CANNOT BE REPRESENTED AS SQL",
    ],
)
def test_statements_that_lock_or_break_the_previous_release_are_reported(statement: str) -> None:
    assert online_changes.faults([TABLE, statement]) == [statement]
