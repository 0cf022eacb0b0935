using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using IotOps.Shared;
using IotOps.Slack.Posting;

namespace IotOps.Slack;

/// <summary>What a process posts to Slack and verifies, as the meter and the activity source <c>IotOps.Slack</c>. URLs are not told: a response_url is a secret.</summary>
internal static class SlackTelemetry
{
    private const string Name = "IotOps.Slack";
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Posts =
        Meter.CreateCounter<long>("iotops.slack.posts", "{request}", "Requests to Slack, repetitions included; tag status: the HTTP status, or 0 without an answer.");

    private static readonly Counter<long> Verified =
        Meter.CreateCounter<long>("iotops.slack.verifications", "{request}", "Requests whose signature was checked; tag result: Accepted, WrongSignature, Replayed ...");

    private static readonly ActivitySource Source = new(Name);

    /// <summary>A request was checked.</summary>
    public static SlackVerification Count(SlackVerification result)
    {
        Verified.Add(1, new KeyValuePair<string, object?>("result", result.ToString()));
        return result;
    }

    /// <summary>Posts once, counted and traced.</summary>
    public static async Task<SlackAnswer> PostAsync(Func<Task<SlackAnswer>> post)
    {
        using Activity? span = Source.StartActivity("slack post", ActivityKind.Client);
        SlackAnswer answer = await post().ConfigureAwait(false);
        Posts.Add(1, new KeyValuePair<string, object?>("status", answer.Status));
        span?.SetTag("http.response.status_code", answer.Status);
        if (answer.Failure is not null || answer.Status >= 400)
        {
            span.Fail(answer.Status.ToString(CultureInfo.InvariantCulture), answer.Failure ?? "Slack refused.");
        }

        return answer;
    }
}
