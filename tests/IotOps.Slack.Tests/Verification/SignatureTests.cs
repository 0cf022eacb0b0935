using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.TestKit;

namespace IotOps.Slack.Tests.Verification;

public sealed class SignatureTests
{
    private static readonly byte[] Body = "token=x&command=%2Fiot-log&text=help&user_id=U1"u8.ToArray();
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1531420618));
    private int _bodies;

    private string Now => _clock.GetUtcNow().ToUnixTimeSeconds().ToString();

    [Fact]
    public async Task Slacks_published_example_is_accepted()
    {
        byte[] body = Encoding.ASCII.GetBytes(
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA" +
            "&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F" +
            "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c");
        var headers = new SlackRequestHeaders("1531420618", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");

        (await Verifier().VerifyAsync(headers, body)).ShouldBe(SlackVerification.Accepted);
    }

    [Fact]
    public async Task During_a_rotation_either_secret_is_accepted()
    {
        SlackRequestVerifier verifier = Verifier("old", "new");
        (await verifier.VerifyAsync(SignedRequest.Sign(Now, Body, "old"), Body)).ShouldBe(SlackVerification.Accepted);
        (await verifier.VerifyAsync(SignedRequest.Sign(Now, Body, "new"), Body)).ShouldBe(SlackVerification.Accepted);
        (await verifier.VerifyAsync(SignedRequest.Sign(Now, Body, "other"), Body)).ShouldBe(SlackVerification.WrongSignature);
    }

    [Fact]
    public async Task The_raw_bytes_are_signed_not_what_they_mean()
    {
        byte[] respelled = "token=x&command=/iot-log&text=help&user_id=U1"u8.ToArray();
        (await Verifier().VerifyAsync(SignedRequest.Sign(Now, Body), respelled)).ShouldBe(SlackVerification.WrongSignature);
    }

    [Fact]
    public async Task A_body_of_bytes_that_are_no_text_is_signed_like_any_other()
    {
        byte[] body = [0, 255, 128, 10, 13, 0];
        (await Verifier().VerifyAsync(SignedRequest.Sign(Now, body), body)).ShouldBe(SlackVerification.Accepted);
    }

    [Fact]
    public async Task The_time_is_signed_too()
    {
        SlackRequestHeaders signed = SignedRequest.Sign(Now, Body);
        string later = (long.Parse(Now) + 1).ToString();
        (await Verifier().VerifyAsync(signed with { Timestamp = later }, Body)).ShouldBe(SlackVerification.WrongSignature);
    }

    [Theory]
    [InlineData(null, SlackVerification.MissingSignature)]
    [InlineData("", SlackVerification.MissingSignature)]
    [InlineData("v0=", SlackVerification.MalformedSignature)]
    [InlineData("v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", SlackVerification.MalformedSignature)]
    [InlineData("V0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", SlackVerification.MalformedSignature)]
    [InlineData("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b50", SlackVerification.MalformedSignature)]
    [InlineData("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b5030", SlackVerification.MalformedSignature)]
    [InlineData("v0=g2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", SlackVerification.MalformedSignature)]
    [InlineData("a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", SlackVerification.MalformedSignature)]
    [InlineData("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", SlackVerification.WrongSignature)]
    public async Task A_signature_is_v0_and_64_hexadecimal_digits(string? signature, SlackVerification expected) =>
        (await Verifier().VerifyAsync(new SlackRequestHeaders(Now, signature), Body)).ShouldBe(expected);

    [Fact]
    public void Without_a_secret_there_is_no_verifier()
    {
        Should.Throw<ArgumentException>(() => Verifier([])).Message.ShouldContain("No signing secret");
        Should.Throw<ArgumentException>(() => Verifier("", "x"));
        Should.Throw<ArgumentException>(() => Verifier("good-secret", " ")).Message.ShouldNotContain("good-secret");
        Should.Throw<ArgumentException>(() => Verifier("s3cr3t\n")).Message.ShouldNotContain("s3cr3t");
    }

    [Fact]
    public async Task A_large_body_is_refused_before_it_is_hashed()
    {
        byte[] body = new byte[(64 << 10) + 1];
        (await Verifier().VerifyAsync(SignedRequest.Sign(Now, body), body)).ShouldBe(SlackVerification.TooLarge);
        (await Verifier().VerifyAsync(SignedRequest.Sign(Now, body[1..]), body.AsMemory(1))).ShouldBe(SlackVerification.Accepted);
    }

    [Fact]
    public void No_forged_signature_is_ever_accepted()
    {
        var inputs =
            from body in ArbMap.Default.GeneratorFor<byte[]>()
            from signature in Gen.OneOf(
                ArbMap.Default.GeneratorFor<string>(),
                Gen.Elements("0123456789abcdef".ToCharArray()).ArrayOf(64).Select(hex => "v0=" + new string(hex)),
                Gen.Choose(0, 63).Select(i => FlipDigit(SignedRequest.Signature("1531420618", body), i)))
            from timestamp in Gen.OneOf(Gen.Constant<string?>("1531420618"), ArbMap.Default.GeneratorFor<string?>())
            select (body, timestamp, signature);
        SlackRequestVerifier verifier = Verifier();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithReplay(20_231_001, 1), Prop.ForAll(inputs.ToArbitrary(), async input =>
            (await verifier.VerifyAsync(new SlackRequestHeaders(input.timestamp, input.signature), input.body)).ShouldNotBe(SlackVerification.Accepted)));
    }

    [Fact]
    public void Every_signed_body_is_accepted_once()
    {
        SlackRequestVerifier verifier = Verifier();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20_231_001, 1), Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), async tail =>
        {
            byte[] body = [.. BitConverter.GetBytes(++_bodies), .. tail];
            SlackRequestHeaders headers = SignedRequest.Sign(Now, body);
            (await verifier.VerifyAsync(headers, body)).ShouldBe(SlackVerification.Accepted);
            (await verifier.VerifyAsync(headers, body)).ShouldBe(SlackVerification.Replayed);
        }));
    }

    private static string FlipDigit(string signature, int digit)
    {
        char[] chars = signature.ToCharArray();
        chars[3 + digit] = chars[3 + digit] == '0' ? '1' : '0';
        return new string(chars);
    }

    private SlackRequestVerifier Verifier(params string[] secrets) => new(new SlackRequestVerifierOptions
    {
        SigningSecrets = secrets,
        TimeProvider = _clock,
    });

    private SlackRequestVerifier Verifier() => Verifier(SignedRequest.Secret);
}
