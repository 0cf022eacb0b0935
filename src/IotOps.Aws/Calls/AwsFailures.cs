using System.Globalization;
using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.Shared;

namespace IotOps.Aws.Calls;

/// <summary>Words the failures of one client's calls.</summary>
internal sealed class AwsFailures(AwsService service, string region, Uri endpoint, TimeSpan timeout)
{
    /// <summary>Code of a failure without an answer.</summary>
    public const string NetworkError = "NetworkError";

    /// <summary>Code of an answer that was cut off, or is not what it claims to be.</summary>
    public const string InvalidAnswer = "InvalidAnswer";

    /// <summary>Code of a call that nobody could sign.</summary>
    public const string NoCredentialsCode = "NoCredentials";

    public AwsException Refused(
        AwsRequest request, HttpStatusCode status, AwsErrorBody error, string? requestId, TimeSpan? retryAfter, RetryRecovery recovery)
    {
        var message = new StringBuilder(Where(request)).Append(" was refused with ").Append(error.Code)
            .Append(CultureInfo.InvariantCulture, $" (HTTP {(int)status})");
        if (!string.IsNullOrWhiteSpace(error.Message))
        {
            message.Append(": ").Append(error.Message.AsSpan().Trim().TrimEnd('.'));
        }

        message.Append('.');
        if (AwsErrorAdvice.For(service, request.Operation, error.Code) is { } advice)
        {
            message.Append(' ').Append(advice);
        }

        return new AwsException(message.ToString())
        {
            Service = service.SigningName,
            Operation = request.Operation,
            Code = error.Code,
            StatusCode = status,
            RequestId = requestId,
            RetryAfter = retryAfter,
            IsTransient = AwsErrorClass.IsTransient(status, error.Code),
            Recovery = recovery,
        };
    }

    public AwsException Truncated(AwsRequest request, HttpStatusCode status, string? requestId) =>
        new($"{Where(request)} was answered with HTTP {(int)status} and a body that is cut off or not JSON. The call may have taken effect.")
        {
            Service = service.SigningName,
            Operation = request.Operation,
            Code = InvalidAnswer,
            StatusCode = status,
            RequestId = requestId,
            IsTransient = true,
        };

    public AwsException TooLarge(AwsRequest request, HttpStatusCode status, string? requestId, int limit) =>
        new($"{Where(request)} was answered with HTTP {(int)status} and more than {limit.ToString(CultureInfo.InvariantCulture)} bytes, which is MaxResponseBytes. The call may have taken effect.")
        {
            Service = service.SigningName,
            Operation = request.Operation,
            Code = "AnswerTooLarge",
            StatusCode = status,
            RequestId = requestId,
        };

    public AwsException TimedOut(AwsRequest request, OperationCanceledException cause) =>
        new($"{Where(request)} got no answer within {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s. The call may have taken effect.", cause)
        {
            Service = service.SigningName,
            Operation = request.Operation,
            Code = NetworkError,
            IsTransient = true,
            RetryCost = RetryBudget.TimeoutCost,
        };

    public AwsException Unreachable(AwsRequest request, Exception cause) =>
        new($"{Where(request)} could not be completed: {Why(cause)}", cause)
        {
            Service = service.SigningName,
            Operation = request.Operation,
            Code = NetworkError,
            IsTransient = true,
        };

    public AwsException NoCredentials(AwsRequest request, AmazonClientException cause) =>
        new($"{Where(request)} could not be signed: {cause.Message}", cause)
        {
            Service = service.SigningName,
            Operation = request.Operation,
            Code = NoCredentialsCode,
        };

    private string Where(AwsRequest request) =>
        $"{service.SigningName} {request.Operation} in {region} at {request.HostPrefix}{endpoint.Authority}";

    private static string Why(Exception cause) =>
        ServerCertificateException.In(cause)?.Message ?? $"{Innermost(cause)}. Check the network, DNS and the endpoint.";

    // "The response ended prematurely" says more than "An error occurred while sending the request".
    private static string Innermost(Exception cause)
    {
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause.Message.TrimEnd('.');
    }
}
