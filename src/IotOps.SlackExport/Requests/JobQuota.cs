namespace IotOps.SlackExport.Requests;

/// <summary>
/// Counts the jobs of each user within the last hour, for all processes together: one document a user, replaced only where nobody else did so
/// since it was read. Safe for concurrent use.
/// </summary>
/// <param name="documents">Where the counts are.</param>
/// <param name="limit">Jobs within an hour.</param>
internal sealed class JobQuota(S3Documents documents, int limit)
{
    private const int Attempts = 10;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Counts a job. Null when it may run; otherwise when the next one may.</summary>
    /// <param name="user">Stands for the user.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Ends the wait; the job may be counted.</param>
    /// <exception cref="IotOps.Aws.AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task<DateTimeOffset?> TryTakeAsync(string user, JobMark job, CancellationToken cancellationToken)
    {
        string key = $"slack/quota/{user}.json";
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            TaggedDocument? present = await documents.FindTaggedAsync(key, cancellationToken).ConfigureAwait(false);
            List<JobMark> jobs = present is null ? [] : [.. RequestJson.ReadMarks(present.Content, key).Where(mark => job.At - mark.At < Hour)];
            if (jobs.Any(mark => mark.Writer == job.Writer))
            {
                return null;
            }

            if (jobs.Count >= limit)
            {
                return jobs.Select(mark => mark.At).Order().ElementAt(jobs.Count - limit) + Hour;
            }

            if (await documents.TryReplaceAsync(key, present?.Tag, RequestJson.Write([.. jobs, job]), cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }

        // So many at once are one user's script.
        return job.At + TimeSpan.FromMinutes(1);
    }
}
