using IotOps.TestKit;

namespace IotOps.Aws.Tests.Calls;

public sealed class ClockSkewTests
{
    private static readonly DateTimeOffset Local = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("RequestTimeTooSkewed", 403)]
    [InlineData("RequestExpired", 400)]
    [InlineData("RequestInTheFuture", 403)]
    [InlineData("InvalidSignatureException", 400)]
    [InlineData("SignatureDoesNotMatch", 403)]
    public async Task A_clock_that_is_twenty_minutes_off_costs_one_request(string code, int status)
    {
        using var fixture = new CallFixture(Service(Local.AddMinutes(20), code, status));

        await fixture.SendAsync();
        await fixture.SendAsync();

        fixture.Requests.Select(r => r.Header("X-Amz-Date")).ShouldBe(["20231001T120000Z", "20231001T122000Z", "20231001T122000Z"]);
        fixture.Client.ClockSkew.ShouldBe(TimeSpan.FromMinutes(20));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(-50)]
    public async Task Fifty_years_are_no_different(int years)
    {
        using var fixture = new CallFixture(Service(Local.AddYears(years), "InvalidSignatureException", 400));

        await fixture.SendAsync();

        fixture.Requests.Count.ShouldBe(2);
        fixture.Client.ClockSkew.ShouldBe(Local.AddYears(years) - Local);
    }

    [Fact]
    public async Task With_one_attempt_the_skew_is_learnt_for_the_callers_next_call()
    {
        using var fixture = new CallFixture(Service(Local.AddYears(50), "InvalidSignatureException", 400)) { Retry = AwsRetryOptions.None };

        (await Should.ThrowAsync<AwsException>(() => fixture.SendAsync())).Code.ShouldBe("InvalidSignatureException");
        await fixture.SendAsync();

        fixture.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_clock_that_is_set_right_again_is_learnt_again()
    {
        using var fixture = new CallFixture(Service(Local.AddMinutes(20), "RequestTimeTooSkewed", 403));
        await fixture.SendAsync();

        fixture.Time.SetUtcNow(Local.AddMinutes(20));
        await fixture.SendAsync();

        fixture.Client.ClockSkew.ShouldBe(TimeSpan.Zero);
        fixture.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_wrong_key_at_the_right_time_is_not_taken_for_skew()
    {
        using var fixture = new CallFixture(CallFixture.Error(403, "SignatureDoesNotMatch", r => r.Headers.Date = Local.AddMinutes(3)));

        await Should.ThrowAsync<AwsException>(() => fixture.SendAsync());

        fixture.Client.ClockSkew.ShouldBe(TimeSpan.Zero);
        fixture.Requests.Count.ShouldBe(1);
    }

    /// <summary>A service that takes signatures within 5 minutes of its own time.</summary>
    private static Func<RecordedRequest, HttpResponseMessage> Service(DateTimeOffset time, string code, int status) => request =>
    {
        var signedAt = DateTimeOffset.ParseExact(request.Header("X-Amz-Date")!, "yyyyMMdd'T'HHmmss'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal);
        return (signedAt - time).Duration() <= TimeSpan.FromMinutes(5)
            ? CallFixture.Ok()(request)
            : CallFixture.Error(status, code, r => r.Headers.Date = time)(request);
    };
}
