using Amazon.Runtime;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Calls;

public sealed class StaleCredentialsTests
{
    [Theory]
    [InlineData("ExpiredTokenException")]
    [InlineData("UnrecognizedClientException")]
    public async Task Refused_keys_are_replaced_and_the_call_goes_on(string code)
    {
        using var keys = new CountingCredentials();
        using var fixture = new CallFixture(Service(acceptedKey: 2, code)) { Credentials = keys };

        await fixture.SendAsync();

        fixture.Requests.Count.ShouldBe(2);
        keys.Given.ShouldBe(2);
    }

    [Fact]
    public async Task They_are_replaced_once_then_the_refusal_is_told()
    {
        using var keys = new CountingCredentials();
        using var fixture = new CallFixture(Service(acceptedKey: 99, "ExpiredTokenException")) { Credentials = keys };

        (await Should.ThrowAsync<AwsException>(() => fixture.SendAsync())).Code.ShouldBe("ExpiredTokenException");

        fixture.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task With_one_attempt_the_next_call_has_new_keys()
    {
        using var keys = new CountingCredentials();
        using var fixture = new CallFixture(Service(acceptedKey: 2, "ExpiredTokenException")) { Credentials = keys, Retry = AwsRetryOptions.None };

        await Should.ThrowAsync<AwsException>(() => fixture.SendAsync());
        await fixture.SendAsync();

        keys.Given.ShouldBe(2);
    }

    [Fact]
    public async Task Many_calls_refused_together_drop_the_keys_once()
    {
        using var keys = new CountingCredentials();
        using var gate = new Barrier(8);
        int waiting = 8;
        using var fixture = new CallFixture(request =>
        {
            if (Interlocked.Decrement(ref waiting) >= 0)
            {
                gate.SignalAndWait(TimeSpan.FromSeconds(30));
            }

            return Service(acceptedKey: 2, "ExpiredTokenException")(request);
        })
        { Credentials = keys };
        _ = fixture.Client;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () => fixture.SendAsync(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        keys.Given.ShouldBe(2);
    }

    [Fact]
    public async Task Keys_that_cannot_be_replaced_are_refused_at_once()
    {
        using var fixture = new CallFixture(CallFixture.Error(400, "ExpiredTokenException"));

        await Should.ThrowAsync<AwsException>(() => fixture.SendAsync());

        fixture.Requests.Count.ShouldBe(1);
    }

    private static Func<RecordedRequest, HttpResponseMessage> Service(int acceptedKey, string code) => request =>
        request.Header("Authorization")!.Contains($"Credential=AKID{acceptedKey}/", StringComparison.Ordinal)
            ? CallFixture.Ok()(request)
            : CallFixture.Error(400, code)(request);

    private sealed class CountingCredentials : RefreshingAWSCredentials
    {
        private int _given;

        public int Given => _given;

        protected override Task<CredentialsRefreshState> GenerateNewCredentialsAsync() => Task.FromResult(
            new CredentialsRefreshState(new ImmutableCredentials($"AKID{Interlocked.Increment(ref _given)}", "s", "t"), DateTime.MaxValue.ToUniversalTime()));
    }
}
