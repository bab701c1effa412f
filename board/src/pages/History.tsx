import { ProblemHistoryDocument } from "../__generated__/operations";
import { useInterval, usePages, useRead } from "../parts/live";
import { Failure, Head, Loading, Pill, Section } from "../parts/page";
import { Pager } from "../parts/pager";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { count, duration, words } from "../parts/words";
import { usePlatform } from "../platform";

export function History() {
  const { platform } = usePlatform();
  const pages = usePages("history");
  const [{ data, error }, read] = useRead(ProblemHistoryDocument, { first: 50, after: pages.after });
  useInterval(30, read);
  return (
    <>
      <Head title="History" note="the problems of the last 90 days" />
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {data === undefined ? (
        error === undefined && <Loading />
      ) : (
        <>
          <Table
            caption="Problems of the platform, newest first"
            columns={[
              {
                title: "Problem",
                cell: (row) => (
                  <>
                    <span class="subject">{words(row.code)}</span>
                    <span class="sub">{row.message}</span>
                  </>
                ),
              },
              {
                title: "State",
                cell: (row) =>
                  row.solvedAt !== null ? (
                    <Pill tone="positive">Solved</Pill>
                  ) : row.dismissedAt !== null ? (
                    <Pill tone="neutral">Dismissed</Pill>
                  ) : (
                    <Pill tone={row.severity === "ERROR" ? "critical" : "warning"}>Open</Pill>
                  ),
              },
              { title: "Began", cell: (row) => <Time at={row.firstSeenAt} /> },
              {
                title: "Lasted",
                cell: (row) =>
                  duration(
                    new Date(row.solvedAt ?? row.dismissedAt ?? row.lastSeenAt).getTime() -
                      new Date(row.firstSeenAt).getTime(),
                  ),
                minor: true,
              },
              { title: "Most objects", cell: (row) => count(row.highestCount), numeric: true, minor: true },
            ]}
            rows={data.platform.problemHistory.edges.map(({ node }) => node)}
            keyOf={(row) => row.id}
            empty="No problem in the last 90 days."
          />
          <Pager pages={pages} info={data.platform.problemHistory.pageInfo} />
        </>
      )}
      <Section title="Dismissed" note="hidden until they occur again">
        <Table
          caption="Dismissed problems, newest first"
          columns={[
            { title: "Problem", cell: (row) => words(row.code) },
            { title: "Object", cell: (row) => row.subject ?? "the whole problem" },
            { title: "By", cell: (row) => row.actor, minor: true },
            { title: "Dismissed", cell: (row) => <Time at={row.dismissedAt} /> },
          ]}
          rows={platform.dismissedProblems}
          keyOf={(row) => `${row.code} ${row.subject ?? ""}`}
          empty="No problem is dismissed."
        />
      </Section>
    </>
  );
}
