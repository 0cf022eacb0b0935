using IotOps.Aws;
using IotOps.Logs.Lanes;
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

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 8)]
    [InlineData(7, 60)]
    [InlineData(1_000_000, 60)]
    public void Waits_double_from_one_second_to_one_minute(int failures, int seconds) =>
        new Backoff(static () => 1).After(failures, slow: false, atLeast: null).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Waits_are_drawn_from_zero_to_their_bound() =>
        new Backoff(static () => 0.25).After(3, slow: false, atLeast: null).ShouldBe(TimeSpan.FromSeconds(1));

    [Fact]
    public void A_wait_the_service_asks_for_is_kept() =>
        new Backoff(static () => 0).After(1, slow: false, TimeSpan.FromSeconds(9)).ShouldBe(TimeSpan.FromSeconds(9));

    [Fact]
    public void What_only_people_can_change_is_tried_once_or_twice_a_minute() =>
        new Backoff(static () => 0).After(1, slow: true, null).ShouldBe(TimeSpan.FromSeconds(30));

    private static AwsException Refusal(int? status, string code, bool transient, string message = "") => new(message)
    {
        Service = "logs",
        Operation = "PutLogEvents",
        Code = code,
        StatusCode = (System.Net.HttpStatusCode?)status,
        IsTransient = transient,
    };
}
