namespace IotOps.Shadow;

/// <summary>
/// The shadow service refused a request, or would refuse it: a merged document that is too large or too deep is found before anything is
/// stored or sent. (https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html)
/// </summary>
public sealed class ShadowRejectedException : Exception
{
    /// <summary>Describes a refusal.</summary>
    /// <param name="shadow">Which shadow.</param>
    /// <param name="code">The service's code; see <see cref="Code"/>.</param>
    /// <param name="message">What was refused, why, and what to do about it.</param>
    public ShadowRejectedException(ShadowId shadow, int code, string message)
        : base(message)
    {
        Shadow = shadow;
        Code = code;
    }

    /// <summary>Which shadow.</summary>
    public ShadowId Shadow { get; }

    /// <summary>
    /// 400 bad request, 401 unauthorized, 403 forbidden, 404 not found, 409 version conflict, 413 too large, 415 encoding, 422 cannot be
    /// processed, 429 too many requests, 500 and 503 the service's own trouble; 408 when it did not answer.
    /// </summary>
    public int Code { get; }

    /// <summary>
    /// The members that were refused, their section first, such as <c>reported/wifi/rssi</c>; empty when the refusal is not about members.
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>True when the same may succeed later.</summary>
    public bool IsTransient => Code is 408 or 409 or 429 or >= 500;
}
