using System.Text;

namespace IotOps.Slack.Tests.Verification;

public sealed class SslCheckTests
{
    [Theory]
    [InlineData("ssl_check=1", true)]
    [InlineData("ssl_check=1&token=x", true)]
    [InlineData("token=x&ssl_check=1", true)]
    [InlineData("?token=x&ssl_check=1", true)]
    [InlineData("?ssl_check=1", true)]
    [InlineData("xssl_check=1&ssl_check=1", true)]
    [InlineData("ssl_check=0", false)]
    [InlineData("ssl_check=11", false)]
    [InlineData("xssl_check=1", false)]
    [InlineData("text=ssl_check%3D1", false)]
    [InlineData("", false)]
    public void An_ssl_check_is_known_by_its_field(string form, bool expected) =>
        SlackRequestVerifier.IsSslCheck(Encoding.ASCII.GetBytes(form)).ShouldBe(expected);

    [Fact]
    public async Task It_needs_no_signature_and_is_never_accepted()
    {
        var verifier = new SlackRequestVerifier(new SlackRequestVerifierOptions { SigningSecrets = [SignedRequest.Secret] });
        (await verifier.VerifyAsync(new SlackRequestHeaders(null, null), "ssl_check=1&token=x"u8.ToArray())).ShouldBe(SlackVerification.SslCheck);
    }
}
