using System.Net.Http.Headers;

namespace IotOps.Aws.Calls;

/// <summary>How long a service asks to wait.</summary>
internal static class RetryAfterHeader
{
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.RetryAfter is not { } retryAfter)
        {
            return null;
        }

        // A date is the service's own: its Date header, when there is one, is the clock to measure it by.
        TimeSpan? wait = retryAfter.Delta ?? (retryAfter.Date - (headers.Date ?? now));
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
