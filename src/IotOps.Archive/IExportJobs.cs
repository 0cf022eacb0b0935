using IotOps.Aws;

namespace IotOps.Archive;

/// <summary>
/// Runs exports away from whoever asked for them: on AWS Batch (<see cref="BatchExportJobs"/>), or in this process
/// (<see cref="InProcessExportJobs"/>). Safe for concurrent use.
/// </summary>
public interface IExportJobs
{
    /// <summary>
    /// Submits an export under its <see cref="LogExportRequest.Id"/>, once: while a job of that name waits, runs or has succeeded,
    /// that one is the answer. A failed or cancelled one does not count.
    /// </summary>
    /// <param name="request">What to export. Its id is required, and begins with a letter or a digit.</param>
    /// <param name="cancellationToken">Ends the wait; the job may have been submitted.</param>
    /// <exception cref="ArgumentException">The request has no id, or one that cannot name a job.</exception>
    /// <exception cref="AwsException">AWS Batch refused, or stayed out of reach for every attempt.</exception>
    /// <exception cref="ExportQueueFullException">As many exports wait in this process as may.</exception>
    Task<ExportJob> SubmitAsync(LogExportRequest request, CancellationToken cancellationToken = default);

    /// <summary>How a job is; null when it is not known, or no longer: AWS Batch forgets one 7 days after its end.</summary>
    /// <param name="jobId">An <see cref="ExportJob.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AwsException">AWS Batch refused, or stayed out of reach for every attempt.</exception>
    Task<ExportJob?> FindAsync(string jobId, CancellationToken cancellationToken = default);

    /// <summary>Asks a job to end, waiting or running. One that has ended, or is not known, stays as it is.</summary>
    /// <param name="jobId">An <see cref="ExportJob.Id"/>.</param>
    /// <param name="reason">Why, for whoever looks at the job later; 1 to 1,000 characters.</param>
    /// <param name="cancellationToken">Ends the wait; the job may have been cancelled.</param>
    /// <exception cref="AwsException">AWS Batch refused, or stayed out of reach for every attempt.</exception>
    Task CancelAsync(string jobId, string reason, CancellationToken cancellationToken = default);
}
