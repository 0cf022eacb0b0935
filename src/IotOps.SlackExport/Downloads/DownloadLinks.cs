using IotOps.Archive;
using IotOps.Slack;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Downloads;

/// <summary>
/// Puts a link of this program's own in the place of a presigned one that Slack would not take, because it is too long, or that would end before its time, because
/// the keys that signed it do.
/// </summary>
/// <param name="requests">Where such links are stored.</param>
/// <param name="address">Where this program is reached.</param>
/// <param name="validity">How long a link is to live.</param>
/// <param name="timeProvider">Clock of that.</param>
internal sealed class DownloadLinks(RequestStore requests, PublicAddress address, TimeSpan validity, TimeProvider timeProvider)
{
    /// <summary>Path of the links, before the token.</summary>
    public const string Path = "slack/download/";

    // Signing takes a moment, and what is signed counts whole seconds.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>The result with the link that its user gets.</summary>
    /// <exception cref="IotOps.Aws.AwsException">S3 refused to store the link.</exception>
    public async Task<LogExportResult> LinkAsync(StoredRequest asked, LogExportResult result, CancellationToken cancellationToken)
    {
        DateTimeOffset end = timeProvider.GetUtcNow() + validity;
        if (address.Url is not { } url || result is not { Url: { } presigned, ExpiresAt: { } presignedEnd }
            || (presigned.AbsoluteUri.Length <= SlackLinkButton.MaxUrlChars && presignedEnd >= end - Tolerance))
        {
            return result;
        }

        string token = DownloadToken.Create(asked.Id);
        await requests.WriteDownloadAsync(
            new StoredDownload { Hash = DownloadToken.Hash(token), RequestId = asked.Id, Writer = asked.Writer, ExpiresAt = end }, cancellationToken).ConfigureAwait(false);
        return result with { Url = new Uri(url, $"{Path}{token}"), ExpiresAt = end };
    }
}
