using IotOps.Archive;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Environments;

/// <summary>An environment with its clients: where requests are kept, what runs the exports, what makes links.</summary>
/// <param name="Requests">Its requests.</param>
/// <param name="Jobs">Runs its exports.</param>
/// <param name="Links">What its users get as links.</param>
/// <param name="LazyExporter">Made at first use: the S3 SDK behind it takes longer to start than an answer may.</param>
/// <param name="LazyClickExporter">The same, but its links live as long as a browser needs to follow one.</param>
/// <param name="LazyZips">The bucket of the zips.</param>
internal sealed record OpenEnvironment(
    RequestStore Requests, IExportJobs Jobs, DownloadLinks Links, Lazy<LogExporter> LazyExporter, Lazy<LogExporter> LazyClickExporter, Lazy<S3Documents> LazyZips)
{
    /// <summary>Finds what was exported, for a click.</summary>
    public LogExporter ClickExporter => LazyClickExporter.Value;

    /// <summary>Deletes what was exported.</summary>
    public S3Documents Zips => LazyZips.Value;

    /// <summary>Exports, and finds what was exported.</summary>
    public LogExporter Exporter => LazyExporter.Value;
}
