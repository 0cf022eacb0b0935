using IotOps.Shadow.Documents;

namespace IotOps.Shadow.Sync;

/// <summary>Members that the service does not take. They are not sent again until they are others, or the time has come.</summary>
/// <param name="Patch">The members, as they would be sent.</param>
/// <param name="Error">What the service said of them.</param>
/// <param name="RetryAt">When they are sent again although nothing has changed.</param>
/// <param name="CloudBytes">The size of the cloud's document at the time.</param>
internal sealed record Refusal(ShadowValue Patch, ShadowRejectedException Error, TimeSpan RetryAt, int CloudBytes)
{
    /// <summary>The code for more than a shadow may have.</summary>
    public const int TooLarge = 413;

    /// <summary>The code for more requests than the service takes of one thing.</summary>
    public const int TooManyRequests = 429;

    private static readonly TimeSpan Denied = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Contended = TimeSpan.FromMinutes(1);

    /// <summary>Whether a refusal is about what was sent, so that a part of it may be taken.</summary>
    public static bool IsAboutContent(int code) => code is 400 or TooLarge or 415 or 422;

    /// <summary>When the same is worth another try.</summary>
    public static TimeSpan RetryAfter(int code, TimeSpan now) => code switch
    {
        401 or 403 => now + Denied,
        409 => now + Contended,
        _ => TimeSpan.MaxValue,
    };

    /// <summary>Says what the service refused and what to do about it.</summary>
    public static ShadowRejectedException Rejection(ShadowId id, string operation, int code, string reason, IReadOnlyList<string>? paths = null)
    {
        string what = paths is null or [] ? $"shadow {id}" : $"{ShadowPath.List(paths)} of shadow {id}";
        return new ShadowRejectedException(id, code, $"The shadow service refused to {operation} {what} with {code} ({reason}). " + code switch
        {
            400 => "The document is not one the service takes: check its depth, and nulls in arrays; the edit stays pending until it is changed.",
            401 or 403 => "Allow iot:Publish, iot:Subscribe and iot:Receive on the shadow's topics in the device's policy.",
            409 => "Others change the shadow all the time; it is tried again in a minute.",
            TooLarge => "The document is too large: remove something, or have the quota raised; the edit stays pending until it is changed or there is room.",
            TooManyRequests => "Too many requests for this thing; it is tried again.",
            _ => "It is tried again.",
        })
        {
            Paths = paths ?? [],
        };
    }

    /// <summary>Says that several members are refused, for various reasons.</summary>
    public static ShadowRejectedException Together(ShadowId id, IReadOnlyList<ShadowRejectedException> errors)
    {
        List<string> paths = [];
        foreach (ShadowRejectedException error in errors)
        {
            paths.AddRange(error.Paths);
        }

        if (errors.Count == 1 || paths.Count == 0)
        {
            return errors[^1];
        }

        return new ShadowRejectedException(
            id,
            errors[^1].Code,
            $"Edits of shadow {id} are refused and stay pending; everything else was sent. Refused: {ShadowPath.List(paths)}. The last one: {errors[^1].Message}")
        {
            Paths = paths,
        };
    }
}
