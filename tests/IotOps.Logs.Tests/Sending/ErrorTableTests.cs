using IotOps.Aws;
using IotOps.Logs.Sending;

namespace IotOps.Logs.Tests.Sending;

public sealed class ErrorTableTests
{
    [Theory]
    [InlineData(400, "ThrottlingException", true, nameof(PutVerdict.Retry))]
    [InlineData(429, "TooManyRequests", true, nameof(PutVerdict.Retry))]
    [InlineData(500, "InternalFailure", true, nameof(PutVerdict.Retry))]
    [InlineData(503, "ServiceUnavailableException", true, nameof(PutVerdict.Retry))]
    [InlineData(400, "OperationAbortedException", false, nameof(PutVerdict.Retry))]
    [InlineData(null, "NetworkError", true, nameof(PutVerdict.Retry))]
    [InlineData(418, "SomethingNew", false, nameof(PutVerdict.Retry))]
    [InlineData(400, "ResourceNotFoundException", false, nameof(PutVerdict.CreateMissing))]
    [InlineData(400, "ExpiredTokenException", false, nameof(PutVerdict.RefreshCredentials))]
    [InlineData(400, "UnrecognizedClientException", false, nameof(PutVerdict.RefreshCredentials))]
    [InlineData(400, "InvalidSignatureException", false, nameof(PutVerdict.Resign))]
    [InlineData(403, "RequestTimeTooSkewed", false, nameof(PutVerdict.Resign))]
    [InlineData(403, "RequestExpired", false, nameof(PutVerdict.Resign))]
    [InlineData(403, "RequestInTheFuture", false, nameof(PutVerdict.Resign))]
    [InlineData(400, "DataAlreadyAcceptedException", false, nameof(PutVerdict.Accepted))]
    [InlineData(400, "ResourceAlreadyExistsException", false, nameof(PutVerdict.Accepted))]
    [InlineData(400, "AccessDeniedException", false, nameof(PutVerdict.Denied))]
    [InlineData(400, "LimitExceededException", false, nameof(PutVerdict.Denied))]
    [InlineData(400, "InvalidParameterException", false, nameof(PutVerdict.Bisect))]
    [InlineData(413, "RequestEntityTooLarge", false, nameof(PutVerdict.Bisect))]
    public void Each_refusal_asks_for_its_own_cure(int? status, string code, bool transient, string verdict) =>
        PutVerdicts.Of(Refusal(status, code, transient)).ToString().ShouldBe(verdict);

    [Fact]
    public void A_name_the_service_does_not_take_is_no_events_fault() =>
        PutVerdicts.Of(Refusal(400, "InvalidParameterException", false, "Value 'aws/x' at 'logGroupName' failed to satisfy constraint"))
            .ShouldBe(PutVerdict.Denied);

    private static AwsException Refusal(int? status, string code, bool transient, string message = "") => new(message)
    {
        Service = "logs",
        Operation = "PutLogEvents",
        Code = code,
        StatusCode = (System.Net.HttpStatusCode?)status,
        IsTransient = transient,
    };
}
