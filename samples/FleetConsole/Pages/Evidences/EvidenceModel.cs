using IotOps.Detect;
using IotOps.Samples.FleetConsole.Evidence;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Evidences;

/// <summary>A bundle that is being made, or is to be downloaded.</summary>
public sealed record EvidenceModel(string Id, string Incident, string Thing, TimeRange Range, string By, DateTimeOffset Since, DateTimeOffset Now) : PageModel
{
    public bool IsRunning { get; init; }

    /// <summary>Parts of it that are written.</summary>
    public int Parts { get; init; }

    public int AllParts { get; init; }

    public long Lines { get; init; }

    /// <summary>What proves it; null before its end.</summary>
    public EvidenceSeal? Seal { get; init; }

    public string? Problem { get; init; }

    public string Sentence =>
        IsRunning ? $"{By} collects it: {Parts} of {Words.Count(AllParts, "part")}, {Words.Count(Lines, "line")} so far."
        : Seal is not null ? $"{Words.Count(Lines, "line")} and what belongs to them, {Words.Number((Seal.Length + 1_023) / 1_024)} KiB. It is kept for a day."
        : $"There is no bundle. {Problem}";

    internal static EvidenceModel Of(EvidenceJob job, DateTimeOffset now) => new(job.Id, job.Request.Incident, job.Request.Thing, job.Request.Range, job.By, job.Since, now)
    {
        IsLive = job.IsRunning,
        IsRunning = job.IsRunning,
        Parts = job.Parts,
        AllParts = job.AllParts,
        Lines = job.Lines,
        Seal = job.Seal,
        Problem = job.Problem,
    };
}
