using System.Net;

namespace IotOps.Aws.Calls;

/// <summary>What a refusal asks for: wait and try again, sign again, other credentials, or nothing.</summary>
internal static class AwsErrorClass
{
    /// <summary>May succeed later, unchanged. CloudWatch Logs throttles with HTTP 400, so the code counts as much as the status.</summary>
    public static bool IsTransient(HttpStatusCode status, string code) =>
        IsThrottled(status, code)
        || (int)status is 500 or 502 or 503 or 504
        || code is "PriorRequestNotComplete" or "TransactionInProgressException"
            or "RequestTimeout" or "RequestTimeoutException" or "InternalError" or "InternalFailure" or "InternalServerError"
            or "InternalServerException" or "ServiceUnavailable" or "ServiceUnavailableException" or "OperationAborted"
            or "OperationAbortedException";

    /// <summary>Too many calls: the service has done nothing for this one.</summary>
    public static bool IsThrottled(HttpStatusCode status, string code) =>
        (int)status is 429
        || code is "Throttling" or "ThrottlingException" or "ThrottledException" or "RequestThrottled" or "RequestThrottledException"
            or "TooManyRequestsException" or "TooManyRequests" or "LimitExceededException.Throttled"
            or "ProvisionedThroughputExceededException" or "RequestLimitExceeded" or "BandwidthLimitExceeded" or "SlowDown"
            or "EC2ThrottledException";

    /// <summary>The service thinks that the request was signed at another time than now.</summary>
    public static bool IsClockSkew(string code) =>
        code is "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture" or "InvalidSignatureException"
            or "SignatureDoesNotMatch" or "AuthFailure" or "AccessDenied" or "AccessDeniedException";

    /// <summary>The service no longer takes these keys; newer ones may do.</summary>
    public static bool IsStaleCredentials(string code) =>
        code is "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" or "UnrecognizedClient"
            or "UnrecognizedClientException" or "InvalidClientTokenId" or "InvalidAccessKeyId" or "InvalidToken";
}
