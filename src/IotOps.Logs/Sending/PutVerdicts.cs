using System.Net;
using IotOps.Aws;

namespace IotOps.Logs.Sending;

/// <summary>
/// The error table of CloudWatch Logs: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html#API_PutLogEvents_Errors
/// and https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html.
/// </summary>
internal static class PutVerdicts
{
    /// <summary>What a refusal asks for.</summary>
    public static PutVerdict Of(AwsException refusal) => refusal.Code switch
    {
        // A name the service does not take is no event's fault: halving would quarantine every event of the lane.
        "InvalidParameterException" or "ValidationException" when NamesTheDestination(refusal.Message) => PutVerdict.Denied,
        "ResourceNotFoundException" => PutVerdict.CreateMissing,
        "DataAlreadyAcceptedException" or "ResourceAlreadyExistsException" => PutVerdict.Accepted,
        "InvalidParameterException" or "InvalidParameterValue" or "ValidationException" or "SerializationException" => PutVerdict.Bisect,
        "AccessDeniedException" or "AccessDenied" or "LimitExceededException" or "OptInRequired" => PutVerdict.Denied,
        "ExpiredToken" or "ExpiredTokenException" or "UnrecognizedClientException" or "UnrecognizedClient" or "InvalidClientTokenId"
            or "InvalidAccessKeyId" or "InvalidToken" or "TokenRefreshRequired" => PutVerdict.RefreshCredentials,
        "InvalidSignatureException" or "SignatureDoesNotMatch" or "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture"
            => PutVerdict.Resign,
        _ => OfStatus(refusal),
    };

    private static bool NamesTheDestination(string message) =>
        message.Contains("logGroupName", StringComparison.OrdinalIgnoreCase)
        || message.Contains("logStreamName", StringComparison.OrdinalIgnoreCase);

    private static PutVerdict OfStatus(AwsException refusal) => refusal.StatusCode switch
    {
        // Throttling comes as 400 too, so what is known to be transient is asked first.
        _ when refusal.IsTransient => PutVerdict.Retry,
        HttpStatusCode.RequestEntityTooLarge => PutVerdict.Bisect,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => PutVerdict.Denied,
        _ => PutVerdict.Retry,
    };
}
