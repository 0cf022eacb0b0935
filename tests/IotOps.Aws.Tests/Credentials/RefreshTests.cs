using System.Net;
using Amazon.Runtime;

namespace IotOps.Aws.Tests.Credentials;

public sealed class RefreshTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Credentials_come_from_the_role_alias_in_the_things_name()
    {
        using var fixture = new CredentialsFixture();

        ImmutableCredentials keys = await fixture.Provider.GetCredentialsAsync();

        (keys.AccessKey, keys.SecretKey, keys.Token).ShouldBe(("AKID1", "s", "t"));
        fixture.Requests[0].Message.RequestUri!.AbsoluteUri.ShouldBe(
            "https://c1.credentials.iot.us-east-1.amazonaws.com/role-aliases/DeviceRole/credentials");
        fixture.Requests[0].Header("x-amzn-iot-thingname").ShouldBe("THING00001");
    }

    [Theory]
    [InlineData(3600, 2400)] // 20 minutes before the end
    [InlineData(7200, 6000)]
    [InlineData(900, 450)]   // half of it, where that is less
    public async Task They_are_replaced_in_time_and_not_before(int lifetime, int refreshAfter)
    {
        using var fixture = new CredentialsFixture { Lifetime = TimeSpan.FromSeconds(lifetime) };
        await fixture.AccessKeyAsync();

        fixture.Time.Advance(TimeSpan.FromSeconds(refreshAfter) - Second);
        (await fixture.AccessKeyAsync()).ShouldBe("AKID1");
        fixture.Requests.Count.ShouldBe(1);

        fixture.Time.Advance(Second + Second);
        await fixture.UntilAsync(key => key == "AKID2");
        fixture.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_hundred_calls_within_the_lifetime_are_one_request()
    {
        using var fixture = new CredentialsFixture { Lifetime = TimeSpan.FromSeconds(900) };

        for (int i = 0; i < 100; i++)
        {
            await fixture.AccessKeyAsync();
            fixture.Time.Advance(TimeSpan.FromSeconds(4));
        }

        fixture.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Fifty_callers_at_once_share_one_request()
    {
        using var release = new ManualResetEventSlim();
        using var fixture = new CredentialsFixture(f =>
        {
            release.Wait();
            return f.Keys();
        });

        Task<string>[] callers = [.. Enumerable.Range(0, 50).Select(_ => Task.Run(fixture.AccessKeyAsync))];
        release.Set();
        string[] keys = await Task.WhenAll(callers);

        keys.ShouldAllBe(k => k == "AKID1");
        fixture.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Old_keys_serve_until_they_truly_expire_while_the_endpoint_fails()
    {
        bool down = false;
        using var fixture = new CredentialsFixture(f => down ? CredentialsFixture.Json(HttpStatusCode.InternalServerError, "{}") : f.Keys());
        await fixture.AccessKeyAsync();
        down = true;

        fixture.Time.Advance(TimeSpan.FromSeconds(3599));
        (await fixture.AccessKeyAsync()).ShouldBe("AKID1");

        fixture.Time.Advance(TimeSpan.FromMinutes(2));
        (await Should.ThrowAsync<AwsException>(fixture.AccessKeyAsync)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, 120)]
    [InlineData(HttpStatusCode.InternalServerError, 60)]
    public async Task A_failure_is_remembered(HttpStatusCode status, int seconds)
    {
        using var fixture = new CredentialsFixture(_ => CredentialsFixture.Json(status, """{"message":"no"}"""));
        await Should.ThrowAsync<AwsException>(fixture.AccessKeyAsync);

        fixture.Time.Advance(TimeSpan.FromSeconds(seconds) - Second);
        await Should.ThrowAsync<AwsException>(fixture.AccessKeyAsync);
        fixture.Requests.Count.ShouldBe(1);

        fixture.Time.Advance(Second);
        await Should.ThrowAsync<AwsException>(fixture.AccessKeyAsync);
        fixture.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task While_a_failure_is_remembered_good_keys_cost_no_further_attempt()
    {
        bool down = false;
        using var fixture = new CredentialsFixture(f => down ? CredentialsFixture.Json(HttpStatusCode.InternalServerError, "{}") : f.Keys());
        await fixture.AccessKeyAsync();
        down = true;
        fixture.Time.Advance(TimeSpan.FromSeconds(2401));
        await fixture.UntilAsync(_ => fixture.Requests.Count == 2);

        for (int i = 0; i < 59; i++)
        {
            (await fixture.AccessKeyAsync()).ShouldBe("AKID1");
            fixture.Time.Advance(Second);
        }

        fixture.Requests.Count.ShouldBe(2);
        fixture.Time.Advance(TimeSpan.FromSeconds(60));
        await fixture.UntilAsync(_ => fixture.Requests.Count == 3);
    }

    [Fact]
    public async Task Fresh_keys_are_taken_up_when_the_endpoint_is_back()
    {
        bool down = false;
        using var fixture = new CredentialsFixture(f => down ? CredentialsFixture.Json(HttpStatusCode.InternalServerError, "{}") : f.Keys());
        await fixture.AccessKeyAsync();
        down = true;
        fixture.Time.Advance(TimeSpan.FromSeconds(2401));
        await fixture.UntilAsync(_ => fixture.Requests.Count == 2);
        down = false;

        fixture.Time.Advance(TimeSpan.FromSeconds(61));

        await fixture.UntilAsync(key => key == "AKID3");
    }

    [Fact]
    public async Task The_lifetime_counts_from_the_services_clock_not_from_ours()
    {
        DateTimeOffset service = DateTimeOffset.Parse("2073-10-01T12:00:00Z");
        using var fixture = new CredentialsFixture(f =>
        {
            HttpResponseMessage response = CredentialsFixture.Json(
                HttpStatusCode.OK,
                """{"credentials":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"t","expiration":"2073-10-01T13:00:00Z"}}""");
            response.Headers.Date = service + (f.Time.GetUtcNow() - new DateTimeOffset(2023, 10, 1, 12, 0, 0, TimeSpan.Zero));
            return response;
        });

        await fixture.AccessKeyAsync();

        fixture.Provider.Expiration.ShouldBe(new DateTime(2023, 10, 1, 13, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public async Task Dropped_credentials_are_fetched_anew()
    {
        using var fixture = new CredentialsFixture();
        await fixture.AccessKeyAsync();

        fixture.Provider.ClearCredentials();

        (await fixture.AccessKeyAsync()).ShouldBe("AKID2");
    }

    [Fact]
    public void The_synchronous_form_gives_the_same()
    {
        using var fixture = new CredentialsFixture();

        fixture.Provider.GetCredentials().AccessKey.ShouldBe("AKID1");
    }
}
