namespace IotOps.Shadow.Sync;

/// <summary>An update the service does not take. It is not sent again until it is another one, or its time has come.</summary>
internal sealed record Refusal(ShadowValue Patch, ShadowRejectedException Error, TimeSpan RetryAt)
{
    /// <summary>The code for more requests than the service takes of one thing.</summary>
    public const int TooManyRequests = 429;

    private static readonly TimeSpan Denied = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Contended = TimeSpan.FromMinutes(1);

    public static Refusal Of(ShadowValue patch, ShadowRejectedException error, TimeSpan now) => new(
        patch,
        error,
        error.Code switch
        {
            401 or 403 => now + Denied,
            409 => now + Contended,
            _ => TimeSpan.MaxValue,
        });

    /// <summary>Says what the service refused and what to do about it.</summary>
    public static ShadowRejectedException Rejection(ShadowId id, string operation, int code, string reason) => new(
        id,
        code,
        $"The shadow service refused to {operation} shadow {id} with {code} ({reason}). " + code switch
        {
            400 => "The document is not one the service takes: check its depth, and nulls in arrays; the edit stays pending until it is changed.",
            401 or 403 => "Allow iot:Publish, iot:Subscribe and iot:Receive on the shadow's topics in the device's policy.",
            409 => "Others change the shadow all the time; it is tried again in a minute.",
            413 => "The document is too large: remove something, or have the quota raised; the edit stays pending until it is changed.",
            TooManyRequests => "Too many requests for this thing; it is tried again.",
            _ => "It is tried again.",
        });
}
