using System.Net;
using IotOps.Aws.Calls;

namespace IotOps.Aws;

/// <summary>An AWS service refused a call, or could not be reached.</summary>
public sealed class AwsException : Exception
{
    /// <summary>Describes a refusal.</summary>
    /// <param name="message">What was refused and what to do about it; never a secret.</param>
    /// <param name="innerException">The network error behind it, when there was one.</param>
    public AwsException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The service's signing name, such as <c>logs</c> or <c>s3</c>.</summary>
    public required string Service { get; init; }

    /// <summary>The operation that was called, such as <c>PutLogEvents</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The service's error code without namespace, such as <c>ThrottlingException</c>; <c>NetworkError</c> when no answer came.</summary>
    public required string Code { get; init; }

    /// <summary>The answer's status; null when no answer came.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>True when the same call may succeed later: throttling, 5xx, network errors.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The id AWS Support asks for; null when no answer came.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the service asked to wait (its Retry-After header); null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    internal RetryRecovery Recovery { get; init; }

    internal int RetryCost { get; init; } = RetryBudget.RetryCost;
}
