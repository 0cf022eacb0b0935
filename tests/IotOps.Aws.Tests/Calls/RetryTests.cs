using System.Net;
using System.Net.Http.Headers;

namespace IotOps.Aws.Tests.Calls;

public sealed class RetryTests
{
    [Theory]
    [InlineData(400, "ThrottlingException")]
    [InlineData(429, "TooManyRequestsException")]
    [InlineData(500, "InternalFailure")]
    [InlineData(502, "")]
    [InlineData(503, "ServiceUnavailableException")]
    [InlineData(504, "")]
    [InlineData(400, "RequestTimeout")]
    public async Task What_may_pass_is_tried_again(int status, string code)
    {
        using var fixture = new CallFixture(CallFixture.Error(status, code), CallFixture.Error(status, code), CallFixture.Ok());

        (await fixture.SendAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);

        fixture.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(400, "InvalidParameterException")]
    [InlineData(400, "ResourceNotFoundException")]
    [InlineData(400, "AccessDeniedException")]
    [InlineData(400, "LimitExceededException")]
    [InlineData(413, "")]
    public async Task What_stays_wrong_is_not(int status, string code)
    {
        using var fixture = new CallFixture(CallFixture.Error(status, code));

        (await Should.ThrowAsync<AwsException>(() => fixture.SendAsync())).IsTransient.ShouldBeFalse();

        fixture.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(504, "", 1)]
    [InlineData(500, "InternalFailure", 1)]
    [InlineData(429, "TooManyRequestsException", 2)]
    [InlineData(400, "ThrottlingException", 2)]
    public async Task What_must_not_happen_twice_is_tried_again_only_when_it_certainly_has_not_happened(int status, string code, int attempts)
    {
        using var fixture = new CallFixture(CallFixture.Error(status, code), CallFixture.Ok());
        AwsRequest request = AwsRequest.RestJson("SendDirectMessage", "/", _ => { }) with { IsRetried = false };

        bool isRefused = await Record.ExceptionAsync(() => fixture.Client.SendAsync(request)) is AwsException;

        (fixture.Requests.Count, isRefused).ShouldBe((attempts, attempts == 1));
    }

    [Fact]
    public async Task What_must_not_happen_twice_is_not_tried_again_after_a_network_error()
    {
        using var fixture = new CallFixture(CallFixture.Fail(new HttpRequestException("reset")), CallFixture.Ok());

        await Should.ThrowAsync<AwsException>(() => fixture.Client.SendAsync(AwsRequest.RestJson("SendDirectMessage", "/", _ => { }) with { IsRetried = false }));

        fixture.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_network_error_is_tried_again()
    {
        using var fixture = new CallFixture(CallFixture.Fail(new HttpRequestException("no route")), CallFixture.Ok());

        await fixture.SendAsync();

        fixture.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("{\"nextSequenceToken\":")]
    [InlineData("<html>")]
    public async Task A_success_that_is_cut_off_is_tried_again(string body)
    {
        using var fixture = new CallFixture(CallFixture.Ok(body), CallFixture.Ok());

        await fixture.SendAsync();

        fixture.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_last_failure_is_told_when_the_attempts_are_used_up()
    {
        using var fixture = new CallFixture(CallFixture.Error(503, "ServiceUnavailable"));

        AwsException failure = await Should.ThrowAsync<AwsException>(() => fixture.SendAsync());

        failure.Code.ShouldBe("ServiceUnavailable");
        failure.IsTransient.ShouldBeTrue();
        fixture.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task One_attempt_means_one_request()
    {
        using var fixture = new CallFixture(CallFixture.Error(400, "ThrottlingException", r => r.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7))))
        {
            Retry = AwsRetryOptions.None,
        };

        AwsException failure = await Should.ThrowAsync<AwsException>(() => fixture.SendAsync());

        (failure.Code, failure.IsTransient, failure.RetryAfter).ShouldBe(("ThrottlingException", true, TimeSpan.FromSeconds(7)));
        fixture.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(0.5, null, 500)]   // half of the first bound
    [InlineData(0.5, 3, 3000)]     // the service asks for more
    [InlineData(0.5, 3600, 20000)] // but not for an hour
    public async Task The_wait_is_drawn_below_its_bound_and_honours_the_service(double random, int? retryAfterSeconds, int waitMilliseconds)
    {
        using var fixture = new CallFixture(
            CallFixture.Error(503, "ServiceUnavailable", r => r.Headers.RetryAfter = retryAfterSeconds is { } s ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(s)) : null),
            CallFixture.Ok())
        {
            Retry = new AwsRetryOptions { BaseDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(20) },
            Random = random,
        };

        Task<AwsResponse> call = fixture.SendAsync();
        await WaitForTimerAsync(fixture, call);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(waitMilliseconds - 1));
        fixture.Requests.Count.ShouldBe(1);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(1));
        await call;

        fixture.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_date_to_retry_after_is_measured_by_the_services_clock()
    {
        DateTimeOffset service = new(2073, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var fixture = new CallFixture(CallFixture.Error(503, "ServiceUnavailable", r =>
        {
            r.Headers.Date = service;
            r.Headers.RetryAfter = new RetryConditionHeaderValue(service.AddSeconds(9));
        }))
        {
            Retry = AwsRetryOptions.None,
        };

        (await Should.ThrowAsync<AwsException>(() => fixture.SendAsync())).RetryAfter.ShouldBe(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_hundred_failing_calls_spend_the_budget_and_no_more()
    {
        using var fixture = new CallFixture(CallFixture.Error(503, "ServiceUnavailable"));

        for (int i = 0; i < 200; i++)
        {
            await Should.ThrowAsync<AwsException>(() => fixture.SendAsync());
        }

        fixture.Requests.Count.ShouldBe(200 + (500 / 5));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_with_the_callers_token()
    {
        using var fixture = new CallFixture(CallFixture.Error(503, "ServiceUnavailable"))
        {
            Retry = new AwsRetryOptions { BaseDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) },
        };
        using var cancel = new CancellationTokenSource();
        Task<AwsResponse> call = fixture.SendAsync(cancel.Token);
        await WaitForTimerAsync(fixture, call);

        await cancel.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => call)).CancellationToken.ShouldBe(cancel.Token);
    }

    private static async Task WaitForTimerAsync(CallFixture fixture, Task call)
    {
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (fixture.Time.ActiveTimers == 0 && !call.IsCompleted)
        {
            giveUp.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
