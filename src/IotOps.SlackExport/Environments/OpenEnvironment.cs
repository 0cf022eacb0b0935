using IotOps.Archive;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Environments;

/// <summary>An environment with its clients: where requests are kept, what runs the exports, what makes links.</summary>
/// <param name="Requests">Its requests.</param>
/// <param name="Jobs">Runs its exports.</param>
/// <param name="LazyExporter">Made at first use: the S3 SDK behind it takes longer to start than an answer may.</param>
internal sealed record OpenEnvironment(RequestStore Requests, IExportJobs Jobs, Lazy<LogExporter> LazyExporter)
{
    /// <summary>Exports, and finds what was exported.</summary>
    public LogExporter Exporter => LazyExporter.Value;
}
