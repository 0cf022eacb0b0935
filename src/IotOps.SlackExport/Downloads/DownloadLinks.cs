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

    /// <summary>Looks at the link that an export will end with, before it begins.</summary>
    /// <param name="foreseen">A link as its own will be.</param>
    /// <returns>How long it will live when that is less than it should; null when it will live as long.</returns>
    /// <exception cref="InvalidOperationException">Slack would not take it, and there is no address to put in its place.</exception>
    public TimeSpan? Foresee(PresignedLink foreseen)
    {
        if (address.Url is not null)
        {
            return null;
        }

        if (!Fits(foreseen.Url))
        {
            throw new InvalidOperationException(
                $"Nothing was exported: its link would have about {foreseen.Url.AbsoluteUri.Length} characters, and Slack takes {SlackLinkButton.MaxUrlChars}. Whoever runs this app sets PublicUrl (slack.publicUrl), so that links are its own and short.");
        }

        return Lives(foreseen.ExpiresAt) ? null : foreseen.ExpiresAt - timeProvider.GetUtcNow();
    }

    /// <summary>The result with the link that its user gets.</summary>
    /// <exception cref="IotOps.Aws.AwsException">S3 refused to store the link.</exception>
    public async Task<LogExportResult> LinkAsync(StoredRequest asked, LogExportResult result, CancellationToken cancellationToken)
    {
        DateTimeOffset end = timeProvider.GetUtcNow() + validity;
        if (address.Url is not { } url || result is not { Url: { } presigned, ExpiresAt: { } presignedEnd } || (Fits(presigned) && Lives(presignedEnd)))
        {
            return result;
        }

        string token = DownloadToken.Create(asked.Id);
        await requests.WriteDownloadAsync(
            new StoredDownload { Hash = DownloadToken.Hash(token), RequestId = asked.Id, Writer = asked.Writer, ExpiresAt = end }, cancellationToken).ConfigureAwait(false);
        return result with { Url = new Uri(url, $"{Path}{token}"), ExpiresAt = end };
    }

    private static bool Fits(Uri presigned) => presigned.AbsoluteUri.Length <= SlackLinkButton.MaxUrlChars;

    private bool Lives(DateTimeOffset presignedEnd) => presignedEnd >= timeProvider.GetUtcNow() + validity - Tolerance;
}
