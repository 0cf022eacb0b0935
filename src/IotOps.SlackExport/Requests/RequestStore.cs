using System.Security.Cryptography;

namespace IotOps.SlackExport.Requests;

/// <summary>Requests in S3, below <c>slack/requests/</c>, where a lifecycle rule expires them after a day. Safe for concurrent use.</summary>
internal sealed class RequestStore(S3Documents documents)
{
    /// <summary>Stores a request unless it is there already: of all who store the same one, in whatever processes, one gets true.</summary>
    public Task<bool> TryCreateAsync(StoredRequest request, CancellationToken cancellationToken) =>
        documents.TryCreateAsync(Key(request.Id), RequestJson.Write(request), cancellationToken);

    /// <summary>A request; null when there is none, or it has expired.</summary>
    public async Task<StoredRequest?> FindAsync(string id, CancellationToken cancellationToken) =>
        await documents.FindAsync(Key(id), cancellationToken).ConfigureAwait(false) is { } document ? RequestJson.Read(document, Key(id)) : null;

    /// <summary>Deletes a request that no job was submitted for, so that it may be made again.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => documents.DeleteAsync(Key(id), cancellationToken);

    /// <summary>Replaces the request of the same id: the job that runs again answers the newer command.</summary>
    public Task ReplaceAsync(StoredRequest request, CancellationToken cancellationToken) =>
        documents.WriteAsync(Key(request.Id), RequestJson.Write(request), cancellationToken);

    /// <summary>Whether the caller is the one that may run a request again after that job.</summary>
    public Task<bool> TryClaimRetryAsync(string id, string jobId, CancellationToken cancellationToken) =>
        documents.TryCreateAsync(ClaimKey(id, jobId), RandomNumberGenerator.GetBytes(16), cancellationToken);

    /// <summary>Lets the next caller claim it: no job was submitted under this claim.</summary>
    public Task ReturnClaimAsync(string id, string jobId, CancellationToken cancellationToken) =>
        documents.DeleteAsync(ClaimKey(id, jobId), cancellationToken);

    /// <summary>Whether the caller is the one that says in Slack that a job failed.</summary>
    public Task<bool> TryClaimReportAsync(string id, string jobId, CancellationToken cancellationToken) =>
        documents.TryCreateAsync(ReportKey(id, jobId), RandomNumberGenerator.GetBytes(16), cancellationToken);

    /// <summary>Lets the next caller say it: Slack did not take the post.</summary>
    public Task ReturnReportAsync(string id, string jobId, CancellationToken cancellationToken) =>
        documents.DeleteAsync(ReportKey(id, jobId), cancellationToken);

    /// <summary>Stores a link of this program's own.</summary>
    public Task WriteDownloadAsync(StoredDownload download, CancellationToken cancellationToken) =>
        documents.WriteAsync(DownloadKey(download.Hash), RequestJson.Write(download), cancellationToken);

    /// <summary>The link whose token has that hash; null when there is none, or it has expired.</summary>
    public async Task<StoredDownload?> FindDownloadAsync(string hash, CancellationToken cancellationToken) =>
        await documents.FindAsync(DownloadKey(hash), cancellationToken).ConfigureAwait(false) is { } document ? RequestJson.ReadDownload(document, DownloadKey(hash)) : null;

    // Half of the hash says where to look, and is compared by S3 in whatever time; the whole one is in the document.
    private static string DownloadKey(string hash) => $"slack/download/{hash[..(hash.Length / 2)]}.json";

    private static string Key(string id) => $"slack/requests/{id}.json";

    private static string ReportKey(string id, string jobId) => $"slack/requests/{id}.failed-{jobId}";

    private static string ClaimKey(string id, string jobId) => $"slack/requests/{id}.after-{jobId}";
}
