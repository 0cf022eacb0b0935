using System.Globalization;
using System.Threading.RateLimiting;

namespace IotOps.Samples.FleetConsole.Security;

/// <summary>How often somebody may ask. Beyond it the answer is 429 with Retry-After.</summary>
internal static class RequestLimits
{
    /// <summary>Sign-ins: 10 a minute from an address.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Acts: 60 a minute of a user.</summary>
    public const string Act = "act";

    /// <summary>Queries that are sent to the account's index: 20 a minute of a user.</summary>
    public const string Query = "query";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static void Add(IServiceCollection services) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;

        // 200 a second of an address, up to 1,000 at once: far more than people and their browsers ask for.
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
            Address(context),
            static _ => new() { TokenLimit = 1_000, TokensPerPeriod = 200, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0 }));
        limiter.AddPolicy(SignIn, context => RateLimitPartition.GetFixedWindowLimiter(
            Address(context), static _ => new() { PermitLimit = 10, Window = Minute, QueueLimit = 0 }));
        limiter.AddPolicy(Act, context => RateLimitPartition.GetFixedWindowLimiter(
            context.User.Identity?.Name ?? Address(context), static _ => new() { PermitLimit = 60, Window = Minute, QueueLimit = 0 }));
        limiter.AddPolicy(Query, context => RateLimitPartition.GetFixedWindowLimiter(
            context.User.Identity?.Name ?? Address(context), static _ => new() { PermitLimit = 20, Window = Minute, QueueLimit = 0 }));
        limiter.OnRejected = static async (rejected, cancellationToken) =>
        {
            TimeSpan wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? after : TimeSpan.FromSeconds(1);
            string seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            HttpResponse response = rejected.HttpContext.Response;
            response.Headers.RetryAfter = seconds;
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync($"Too many requests. Try again in {seconds} s.\n", cancellationToken);
        };
    });

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
