using IotOps.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Faults;

/// <summary>Carries a fault out on one request.</summary>
internal static class InjectedFault
{
    /// <summary>The part before the operation: waits, cuts the connection or refuses.</summary>
    /// <returns>False when the connection was cut and nothing may follow.</returns>
    /// <exception cref="Refusal">The fault answers with an error.</exception>
    public static async Task<bool> BeforeAsync(Fault fault, HttpContext context, TimeProvider timeProvider)
    {
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, timeProvider, context.RequestAborted).ConfigureAwait(false);
        }

        if (fault.DropBeforeAccepting)
        {
            context.Abort();
            return false;
        }

        if (fault is { Status: not null, RetryAfter: { } wait })
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0");
        }

        ThrowIfRefused(fault);
        return true;
    }

    /// <exception cref="Refusal">The fault answers with an error.</exception>
    public static void ThrowIfRefused(Fault? fault)
    {
        if (fault?.Status is { } status)
        {
            throw new Refusal(status, fault.Code ?? CodeFor(status), fault.Message);
        }
    }

    /// <summary>The part after the operation: how many bytes of the answer's body get through.</summary>
    public static long BytesLetThrough(Fault? fault) => fault switch
    {
        null => long.MaxValue,
        { DropAfterAccepting: true } => 0,
        { TruncateBodyAt: { } at } => at,
        _ => long.MaxValue,
    };

    private static string CodeFor(int status) => status switch
    {
        200 => "InternalError",
        403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        413 => "RequestEntityTooLargeException",
        429 => "ThrottlingException",
        503 => "ServiceUnavailableException",
        < 500 => "InvalidParameterException",
        _ => "InternalFailure",
    };
}
