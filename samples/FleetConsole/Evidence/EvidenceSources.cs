using System.Runtime.CompilerServices;
using System.Text.Json;
using IotOps.Detect;
using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Evidence;

/// <summary>What the console knows of a device in a range, file by file. Pages of the store are read one after another, so that memory does not grow with the range.</summary>
internal sealed class EvidenceSources(IConsoleStore store, QuarantineTools? quarantine = null)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>The files, apart from quarantines.</summary>
    public IReadOnlyList<EvidencePart> Parts(EvidenceRequest request, CancellationToken stop) =>
    [
        new("log-lines.jsonl", EvidenceKind.Logs, LogLines(request, stop)),
        new("records.jsonl", EvidenceKind.Trail, Trail(request, stop)),
        new("hours.jsonl", EvidenceKind.TrailVerdicts, Hours(request, stop)),
        new("connections.jsonl", EvidenceKind.Lifecycle, Connections(request, stop)),
        new("last-report.jsonl", EvidenceKind.Reports, Documents(request, static document => document.Name == DeviceDocument.Report, stop)),
        new("shadows.jsonl", EvidenceKind.Other, Documents(request, static document => document.Name != DeviceDocument.Report, stop)),
        new("findings.jsonl", EvidenceKind.Other, Findings(request, stop)),
        new("thing.json", EvidenceKind.Other, Thing(request, stop)),
    ];

    /// <summary>The journals of the device's quarantines.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<QuarantineEntry>>> QuarantinesAsync(EvidenceRequest request, CancellationToken stop)
    {
        List<IReadOnlyList<QuarantineEntry>> journals = [];
        if (quarantine is not null)
        {
            await foreach (QuarantineStatus status in quarantine.Runbook.ListAsync(stop))
            {
                if (status.Plan.Thing == request.Thing)
                {
                    journals.Add(await quarantine.Journal.ReadAsync(status.Plan.ViolationId, stop));
                }
            }
        }

        return journals;
    }

    private async IAsyncEnumerable<string> LogLines(EvidenceRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        LineKey? after = null;
        do
        {
            LinePage page = await store.ReadLinesAsync(new LineQuery(new ErrorQuery(request.Range)) { Client = request.Thing }, after, PageSize, stop);
            foreach (LogLineRow line in page.Lines)
            {
                yield return line.Line;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    // Whoever took a device over may have gone another way than by its name: all that was recorded in the time belongs to it.
    private async IAsyncEnumerable<string> Trail(EvidenceRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        LineKey? after = null;
        IReadOnlyList<TrailRow> rows;
        do
        {
            rows = await store.ReadTrailAsync(new TrailRowQuery(request.Range), after, PageSize, stop);
            foreach (TrailRow row in rows)
            {
                yield return row.Json.Length > 0 ? row.Json : JsonSerializer.Serialize(row, EvidenceJson.Default.TrailRow);
            }

            after = rows.Count == 0 ? null : rows[^1].Key;
        }
        while (rows.Count == PageSize);
    }

    private async IAsyncEnumerable<string> Hours(EvidenceRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (TrailHour hour in await store.ReadTrailHoursAsync(request.Range, stop))
        {
            yield return JsonSerializer.Serialize(hour, EvidenceJson.Default.TrailHour);
        }
    }

    // Hour by hour: no client has so many events in one, and the store has no pages of them.
    private async IAsyncEnumerable<string> Connections(EvidenceRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        for (DateTimeOffset at = request.Range.Since; at < request.Range.Until; at += Window)
        {
            DateTimeOffset end = at + Window < request.Range.Until ? at + Window : request.Range.Until;
            foreach (ConnectionRow row in (await store.ReadConnectionsAsync(request.Thing, new TimeRange(at, end), 10 * PageSize, stop)).Reverse())
            {
                yield return JsonSerializer.Serialize(row, EvidenceJson.Default.ConnectionRow);
            }
        }
    }

    private async IAsyncEnumerable<string> Documents(EvidenceRequest request, Func<DeviceDocument, bool> isWanted, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (DeviceDocument document in (await store.ReadDocumentsAsync(request.Thing, stop)).Where(isWanted))
        {
            yield return JsonSerializer.Serialize(document, EvidenceJson.Default.DeviceDocument);
        }
    }

    private async IAsyncEnumerable<string> Findings(EvidenceRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        IReadOnlyList<ConsoleFinding> findings;
        int skip = 0;
        do
        {
            findings = await store.ReadFindingsAsync(new FindingQuery { Thing = request.Thing, Skip = skip, Limit = PageSize }, stop);
            foreach (ConsoleFinding finding in findings)
            {
                yield return JsonSerializer.Serialize(finding, EvidenceJson.Default.ConsoleFinding);
            }

            skip += findings.Count;
        }
        while (findings.Count == PageSize);
    }

    private async IAsyncEnumerable<string> Thing(EvidenceRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        if (await store.FindThingAsync(request.Thing, stop) is { } facts)
        {
            yield return facts.Json;
        }
    }
}
