using System.Threading.RateLimiting;
using IotOps.Aws;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Environments;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Serving;

/// <summary>Answers clicks on links of this program's own: signs a link to S3 at that moment and sends the browser there. Safe for concurrent use.</summary>
internal sealed class DownloadEndpoint(OpenEnvironments environments, InFlightRequests inFlight, TimeProvider timeProvider, ILogger logger)
{
    // Whatever is wrong: who tries tokens learns nothing.
    private static readonly SlackReply Ended = SlackReply.Refusal(404, "This link has ended, or never was one. Ask for a new one in Slack.");

    private static readonly SlackReply Nothing = new(404, null, []);

    /// <summary>Answers one request.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="token">What stands behind the path.</param>
    /// <param name="userAgent">Who says to ask; null for nobody.</param>
    public async Task<SlackReply> HandleAsync(string method, string token, string? userAgent)
    {
        if (method != "GET" || IsPreview(userAgent))
        {
            // Slack and mail filters look behind every link that they see: that is no download.
            return Nothing;
        }

        using RateLimitLease lease = inFlight.TryBegin();
        if (!lease.IsAcquired)
        {
            return SlackReply.Refusal(503, "Too much is under way. Please click again in a minute.");
        }

        try
        {
            return await FindAsync(token, inFlight.Stopping).ConfigureAwait(false);
        }
        catch (AwsException e)
        {
            Log.CommandFailed(logger, e.Message);
            return SlackReply.Refusal(502, "AWS does not answer as it should. Please click again in a minute.");
        }
        catch (OperationCanceledException) when (inFlight.Stopping.IsCancellationRequested)
        {
            return SlackReply.Refusal(503, "The service is stopping.");
        }
#pragma warning disable CA1031 // One click's unexpected failure must not leave its browser without an answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.Unexpected(logger, e);
            return SlackReply.Refusal(500, "The download could not be begun.");
        }
    }

    private static bool IsPreview(string? userAgent) =>
        userAgent is not null
        && (userAgent.Contains("bot", StringComparison.OrdinalIgnoreCase) || userAgent.Contains("Slack-ImgProxy", StringComparison.OrdinalIgnoreCase));

    private async Task<SlackReply> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!DownloadToken.IsOne(token) || !environments.TryName(token, out string? name))
        {
            return Ended;
        }

        OpenEnvironment environment = environments.Get(name);
        if (await environment.Requests.FindDownloadAsync(DownloadToken.Hash(token), cancellationToken).ConfigureAwait(false) is not { } stored
            || !DownloadToken.Opens(token, stored)
            || stored.ExpiresAt <= timeProvider.GetUtcNow()
            || await environment.Requests.FindAsync(stored.RequestId, cancellationToken).ConfigureAwait(false) is not { } asked
            || asked.Writer != stored.Writer
            || await environment.ClickExporter.FindAsync(stored.RequestId, cancellationToken).ConfigureAwait(false) is not { Url: { } url })
        {
            return Ended;
        }

        Log.Downloaded(logger, stored.RequestId, asked.UserId);
        return SlackReply.Redirect(url);
    }
}
