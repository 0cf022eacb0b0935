using System.Text;

namespace IotOps.Samples.LogExport.Requests;

/// <summary>Requests in S3, below <c>slack/requests/</c>, where a lifecycle rule ends them after a day. Safe for concurrent use.</summary>
internal sealed class RequestStore(S3Documents documents)
{
    /// <summary>Stores a request unless it is there already: of all who store the same one, in whatever processes, one gets true.</summary>
    public Task<bool> TryCreateAsync(StoredRequest request, CancellationToken cancellationToken) =>
        documents.TryCreateAsync(Key(request.Id), RequestJson.Write(request), cancellationToken);

    /// <summary>A request; null when there is none, or none any more.</summary>
    public async Task<StoredRequest?> FindAsync(string id, CancellationToken cancellationToken) =>
        await documents.FindAsync(Key(id), cancellationToken) is { } document ? RequestJson.Read(document, Key(id)) : null;

    /// <summary>Forgets a request that no job came of, so that it may be made again.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => documents.DeleteAsync(Key(id), cancellationToken);

    /// <summary>Notes which job a request became.</summary>
    public Task WriteJobAsync(string id, string jobId, CancellationToken cancellationToken) =>
        documents.WriteAsync(JobKey(id), Encoding.UTF8.GetBytes(jobId), cancellationToken);

    /// <summary>The job that a request became; null when it is not known.</summary>
    public async Task<string?> FindJobAsync(string id, CancellationToken cancellationToken) =>
        await documents.FindAsync(JobKey(id), cancellationToken) is { } job ? Encoding.UTF8.GetString(job) : null;

    /// <summary>Whether the caller is the one that may run a request again after that job failed.</summary>
    public Task<bool> TryClaimRetryAsync(string id, string failedJobId, CancellationToken cancellationToken) =>
        documents.TryCreateAsync($"slack/requests/{id}.after-{failedJobId}", Encoding.ASCII.GetBytes($"{Guid.NewGuid():N}"), cancellationToken);

    private static string Key(string id) => $"slack/requests/{id}.json";

    private static string JobKey(string id) => $"slack/requests/{id}.job";
}
