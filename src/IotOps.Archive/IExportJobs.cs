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

    /// <summary>
    /// Submits an export whose id is new: the same as <see cref="SubmitAsync"/> without looking for a job first. For a caller who knows
    /// that nobody submitted that id before, as the winner of a conditional write does. An attempt whose answer was lost is looked for
    /// before it is repeated.
    /// </summary>
    /// <param name="request">What to export. Its id is required, and begins with a letter or a digit.</param>
    /// <param name="cancellationToken">Ends the wait; the job may have been submitted.</param>
    /// <exception cref="ArgumentException">The request has no id, or one that cannot name a job.</exception>
    /// <exception cref="AwsException">AWS Batch refused, or stayed out of reach for every attempt; when that is transient, there may be a job.</exception>
    /// <exception cref="ExportQueueFullException">As many exports wait in this process as may.</exception>
    Task<ExportJob> SubmitNewAsync(LogExportRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// The job of an export: one that waits, runs or has succeeded, else the newest that failed. Null when there is none, or none any more:
    /// AWS Batch forgets a job 7 days after its end, and knows a new one by its name only a moment after it was submitted.
    /// </summary>
    /// <param name="id">The <see cref="LogExportRequest.Id"/> that it was submitted under.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AwsException">AWS Batch refused, or stayed out of reach for every attempt.</exception>
    Task<ExportJob?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Asks a job to end, waiting or running. One that has ended, or is not known, stays as it is.</summary>
    /// <param name="jobId">An <see cref="ExportJob.Id"/>.</param>
    /// <param name="reason">Why, for whoever looks at the job later; 1 to 1,000 characters.</param>
    /// <param name="cancellationToken">Ends the wait; the job may have been cancelled.</param>
    /// <exception cref="AwsException">AWS Batch refused, or stayed out of reach for every attempt.</exception>
    Task CancelAsync(string jobId, string reason, CancellationToken cancellationToken = default);
}
