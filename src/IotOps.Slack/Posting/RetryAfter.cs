using System.Net.Http.Headers;

namespace IotOps.Slack.Posting;

/// <summary>How long a 429 asks to wait.</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Unsaid = TimeSpan.FromSeconds(1);

    public static TimeSpan Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        // A date is Slack's own: its Date header, when there is one, is the clock to measure it by.
        TimeSpan wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - (headers.Date ?? now)) ?? Unsaid;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
