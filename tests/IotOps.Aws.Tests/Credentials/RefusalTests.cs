using System.Net;
using IotOps.Aws.Credentials;
using IotOps.TestKit;

namespace IotOps.Aws.Tests.Credentials;

public sealed class RefusalTests
{
    [Theory]
    [InlineData(403, "Access Denied", "iot:AssumeRoleWithCertificate on rolealias/DeviceRole")]
    [InlineData(403, "Invalid thing name passed", "Attach the certificate to the thing THING00001")]
    [InlineData(403, "Certificate is not valid", "activate the device certificate")]
    [InlineData(404, "Role alias does not exist", "create-role-alias")]
    [InlineData(400, "Unable to assume role", "credentials.iot.amazonaws.com")]
    [InlineData(400, "Requested duration exceeds the maximum", "credentialDurationSeconds")]
    [InlineData(500, "Internal error", "tried again later")]
    public async Task Each_documented_refusal_says_what_to_do(int status, string message, string advice)
    {
        using var fixture = new CredentialsFixture(_ =>
            CredentialsFixture.Json((HttpStatusCode)status, $$"""{"message":"{{message}}"}""", "SomeException:http://internal.amazon.com/"));

        AwsException refusal = await Should.ThrowAsync<AwsException>(fixture.AccessKeyAsync);

        refusal.Message.ShouldContain(advice);
        refusal.Message.ShouldContain(message);
        refusal.Message.ShouldContain("c1.credentials.iot.us-east-1.amazonaws.com");
        refusal.Code.ShouldBe("SomeException");
        refusal.StatusCode.ShouldBe((HttpStatusCode)status);
        refusal.IsTransient.ShouldBe(status == 500);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>captive portal</html>")]
    [InlineData("{}")]
    [InlineData("""{"credentials":{"accessKeyId":"A"}}""")]
    public async Task An_answer_without_keys_is_transient_and_quotes_nothing(string body)
    {
        using var fixture = new CredentialsFixture(_ => CredentialsFixture.Json(HttpStatusCode.OK, body));

        AwsException refusal = await Should.ThrowAsync<AwsException>(fixture.AccessKeyAsync);

        refusal.IsTransient.ShouldBeTrue();
        refusal.Message.ShouldNotContain("captive");
    }

    [Fact]
    public async Task Keys_that_have_expired_already_are_not_given_out()
    {
        using var fixture = new CredentialsFixture { Lifetime = TimeSpan.FromSeconds(-1) };

        (await Should.ThrowAsync<AwsException>(fixture.AccessKeyAsync)).Message.ShouldContain("expired");
    }

    [Fact]
    public void Wrong_options_are_refused_at_once()
    {
        var good = new IotCredentialsProviderOptions
        {
            Endpoint = new Uri("https://localhost"),
            RoleAlias = "A",
            CertificateFile = "c.pem",
            PrivateKeyFile = "k.pem",
        };

        Refusal(good with { Endpoint = new Uri("http://localhost") }).ShouldContain("https");
        Refusal(good with { RoleAlias = "a/b" }).ShouldContain("a/b");
        Refusal(good with { PrivateKeyFile = null }).ShouldContain("PrivateKeyFile");
        Refusal(good with { CertificateFile = null }).ShouldContain("Give CertificateFile");
        new IotCredentialsProvider(good).Dispose();
    }

    [Fact]
    public void A_missing_or_unusable_file_is_named()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory["empty.pem"], string.Empty);
        File.WriteAllText(directory["key.pem"], "-----BEGIN ENCRYPTED PRIVATE KEY-----");
        var options = new IotCredentialsProviderOptions
        {
            Endpoint = new Uri("https://localhost"),
            RoleAlias = "A",
            CertificateFile = directory["none.pem"],
            PrivateKeyFile = directory["key.pem"],
        };

        Should.Throw<DeviceCertificateException>(() => new DeviceTls(options).Connect()).Message.ShouldContain("none.pem");
        Should.Throw<DeviceCertificateException>(() => new DeviceTls(options with { CertificateFile = directory["empty.pem"] }).Connect())
            .Message.ShouldContain("holds no PEM certificate");
    }

    private static string Refusal(IotCredentialsProviderOptions options) =>
        Should.Throw<ArgumentException>(() => new IotCredentialsProvider(options)).Message;
}
