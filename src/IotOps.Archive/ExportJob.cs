namespace IotOps.Archive;

/// <summary>An export that was submitted.</summary>
/// <param name="Id">What <see cref="IExportJobs.CancelAsync"/> knows it by; given by who runs it.</param>
/// <param name="Name">The <see cref="LogExportRequest.Id"/> that it was submitted under.</param>
/// <param name="Status">How far it is.</param>
public sealed record ExportJob(string Id, string Name, ExportJobStatus Status)
{
    /// <summary>Why it is so, in the runner's words; null when there is nothing to say.</summary>
    public string? Reason { get; init; }
}
