namespace IotOps.Archive;

/// <summary>As many exports wait in this process as may; none was added. Ask again later, or run exports on AWS Batch.</summary>
public sealed class ExportQueueFullException : Exception
{
    /// <summary>Says how many wait.</summary>
    /// <param name="limit">The <see cref="InProcessExportJobsOptions.QueueLimit"/>.</param>
    public ExportQueueFullException(int limit)
        : base($"{limit} exports wait already, which is as many as may; ask again in some minutes.") => Limit = limit;

    /// <summary>How many may wait.</summary>
    public int Limit { get; }
}
