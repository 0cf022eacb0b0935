using Amazon.Runtime;
using IotOps.Aws.Credentials;
using IotOps.Aws.Tests.Calls;

namespace IotOps.Aws.Tests.Credentials;

public sealed class ChainCredentialsTests
{
    [Fact]
    public async Task What_the_chain_finds_signs()
    {
        var credentials = Chain(new BasicAWSCredentials("A", "s"));

        (await credentials.GetCredentialsAsync()).AccessKey.ShouldBe("A");
        credentials.GetCredentials().AccessKey.ShouldBe("A");
    }

    [Fact]
    public async Task A_change_of_the_environment_is_taken_up()
    {
        AWSCredentials found = new BasicAWSCredentials("A", "s");
        var credentials = new ChainCredentials(() => found, () => Task.FromResult(found));
        await credentials.GetCredentialsAsync();

        found = new BasicAWSCredentials("B", "s");

        (await credentials.GetCredentialsAsync()).AccessKey.ShouldBe("B");
    }

    [Fact]
    public async Task The_end_of_what_the_chain_found_is_its_own()
    {
        var end = new DateTime(2023, 10, 1, 13, 0, 0, DateTimeKind.Utc);
        AWSCredentials found = new SessionAWSCredentials("A", "s", "t") { Expiration = end };
        var credentials = new ChainCredentials(() => found, () => Task.FromResult(found));
        credentials.Expiration.ShouldBeNull("nothing was found yet");

        await credentials.GetCredentialsAsync();

        credentials.Expiration.ShouldBe(end);
        found = new BasicAWSCredentials("B", "s");
        await credentials.GetCredentialsAsync();
        credentials.Expiration.ShouldBeNull();
    }

    [Fact]
    public async Task A_package_that_the_profile_needs_is_asked_for_in_one_line()
    {
        var credentials = Chain(new Fails(new InvalidOperationException("Assembly AWSSDK.SecurityToken could not be found or loaded.")));

        AwsException failure = await Should.ThrowAsync<AwsException>(credentials.GetCredentialsAsync);

        failure.Code.ShouldBe("NoCredentials");
        failure.Message.ShouldContain("needs the package AWSSDK.SecurityToken: add it to the application");
        failure.Message.ShouldNotContain("\n");
        Should.Throw<AwsException>(credentials.GetCredentials).Message.ShouldBe(failure.Message);
    }

    [Fact]
    public async Task A_machine_without_any_credentials_is_told_where_to_put_some()
    {
        var credentials = Chain(new Fails(new InvalidOperationException("Failed to connect to EC2 instance metadata.")));

        (await Should.ThrowAsync<AwsException>(credentials.GetCredentialsAsync)).Message.ShouldBe(
            "No AWS credentials: Failed to connect to EC2 instance metadata. Set AWS_PROFILE or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or give credentials.");
    }

    [Fact]
    public async Task A_call_that_nobody_can_sign_says_so_and_is_not_tried_again()
    {
        using var fixture = new CallFixture(CallFixture.Ok()) { Credentials = Chain(new Fails(new AmazonClientException("No profile."))) };

        AwsException failure = await Should.ThrowAsync<AwsException>(() => fixture.SendAsync());

        (failure.Code, failure.IsTransient).ShouldBe(("NoCredentials", false));
        failure.Message.ShouldContain("could not be signed: No profile.");
        fixture.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Found_credentials_that_expire_are_refreshed()
    {
        using var iot = new CredentialsFixture();
        using var fixture = new CallFixture(CallFixture.Error(400, "ExpiredTokenException"), CallFixture.Ok()) { Credentials = Chain(iot.Provider) };

        await fixture.SendAsync();

        fixture.Requests[1].Header("Authorization")!.ShouldContain("Credential=AKID2/");
    }

    private static ChainCredentials Chain(AWSCredentials found) => new(() => found, () => Task.FromResult(found));

    private sealed class Fails(Exception failure) : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => throw failure;

        public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromException<ImmutableCredentials>(failure);
    }
}
