using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.SignIn;

namespace IotOps.FleetConsole.Tests.Web;

public sealed class OpenIdTests : IAsyncLifetime
{
    private OpenIdIssuer _issuer = null!;
    private ConsoleLab _lab = null!;
    private Visitor _visitor = null!;

    public static TheoryData<string> Wrong => [.. Wrongs.Keys];

    private static Dictionary<string, Action<OpenIdIssuer, JsonObject, JsonObject>> Wrongs { get; } = new(StringComparer.Ordinal)
    {
        ["issuer"] = static (_, _, claims) => claims["iss"] = "https://evil.example",
        ["audience"] = static (_, _, claims) => claims["aud"] = "another-client",
        ["nonce"] = static (_, _, claims) => claims["nonce"] = "another-nonce",
        ["no nonce"] = static (_, _, claims) => claims.Remove("nonce"),
        ["expired"] = static (_, _, claims) => claims["exp"] = FleetStory.Now.AddMinutes(-2).ToUnixTimeSeconds(),
        ["no expiry"] = static (_, _, claims) => claims.Remove("exp"),
        ["not yet valid"] = static (_, _, claims) => claims["nbf"] = FleetStory.Now.AddMinutes(2).ToUnixTimeSeconds(),
        ["alg none"] = static (issuer, header, _) => (header["alg"], issuer.Sign) = ("none", static _ => []),
        ["alg none with a signature"] = static (_, header, _) => header["alg"] = "none",
        ["unknown kid"] = static (issuer, header, _) =>
        {
            header["kid"] = "k2";
            issuer.Sign = static bytes =>
            {
                using var other = RSA.Create(2048);
                return other.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            };
        },
        ["another key under the known kid"] = static (issuer, _, _) => issuer.Sign = static bytes =>
        {
            using var other = RSA.Create(2048);
            return other.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        },
        ["HMAC with the client's secret"] = static (issuer, header, _) => (header["alg"], issuer.Sign) = ("HS256", static bytes => HMACSHA256.HashData(Encoding.UTF8.GetBytes(OpenIdIssuer.ClientSecret), bytes)),
        ["no signature"] = static (issuer, _, _) => issuer.Sign = static _ => [],
    };

    public async ValueTask InitializeAsync()
    {
        _issuer = await OpenIdIssuer.StartAsync(FleetStory.Now);
        _lab = await ConsoleLab.StartAsync((settings, _) => settings with
        {
            SignIn = new SignInSettings
            {
                OpenId = new OpenIdSettings { Issuer = _issuer.Address, ClientId = OpenIdIssuer.ClientId, ClientSecret = OpenIdIssuer.ClientSecret, ResponderGroups = ["oncall"], ViewerGroups = ["iot"] },
            },
        }, isFilled: false);
        _visitor = _lab.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        await _lab.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("oncall", "bo, responder")]
    [InlineData("iot", "bo, viewer")]
    public async Task A_member_of_a_group_is_let_in_with_its_role(string group, string shown)
    {
        _issuer.Groups = ["other", group];

        (await SignInAsync("/devices")).ShouldBe("/devices");

        (await _visitor.ReadAsync("/devices")).ShouldContain(shown);
        (await _lab.Store.ReadAuditAsync()).ShouldHaveSingleItem().Outcome.ShouldBe("granted");
        _issuer.Refused.ShouldBeEmpty();
        _visitor.SetCookies.ShouldAllBe(cookie => cookie.Contains("secure", StringComparison.OrdinalIgnoreCase) && cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase) && cookie.Contains("samesite", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Who_is_in_no_group_is_refused()
    {
        _issuer.Groups = ["others"];

        (await SignInAsync("/devices")).ShouldBe("/sign-in?refused=group");

        await RefusedAsync();
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_token_that_is_wrong_is_refused(string wrong)
    {
        _issuer.Change = (header, claims) => Wrongs[wrong](_issuer, header, claims);

        (await SignInAsync("/devices")).ShouldBe("/sign-in?refused=provider");

        await RefusedAsync();
    }

    [Fact]
    public async Task An_answer_that_another_browser_asked_for_is_refused()
    {
        using Visitor other = _lab.Visit();
        Uri callback = await CallbackAsync(other, "/");

        using HttpResponseMessage answer = await _visitor.GetAsync(callback.PathAndQuery);

        answer.Headers.Location!.ToString().ShouldBe("/sign-in?refused=provider");
        await RefusedAsync();
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    public async Task A_sign_in_leads_to_no_other_site(string to) => (await SignInAsync(to)).ShouldBe("/");

    private async Task RefusedAsync()
    {
        await _visitor.ReadAsync("/devices", HttpStatusCode.Found);
        string row = (await _lab.Store.ReadAuditAsync()).ShouldHaveSingleItem().ToString();
        row.ShouldContain("Outcome = refused");
        row.ShouldNotContain("eyJ");
    }

    private async Task<string> SignInAsync(string to)
    {
        Uri callback = await CallbackAsync(_visitor, to);
        using HttpResponseMessage answer = await _visitor.GetAsync(callback.PathAndQuery);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    private static async Task<Uri> CallbackAsync(Visitor visitor, string to)
    {
        using HttpResponseMessage challenge = await visitor.GetAsync($"/sign-in/openid?to={Uri.EscapeDataString(to)}");
        challenge.StatusCode.ShouldBe(HttpStatusCode.Found, await challenge.Content.ReadAsStringAsync());
        Uri authorize = challenge.Headers.Location!;
        authorize.Query.ShouldContain("code_challenge_method=S256");
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using HttpResponseMessage back = await browser.GetAsync(authorize);
        back.StatusCode.ShouldBe(HttpStatusCode.Found, await back.Content.ReadAsStringAsync());
        return back.Headers.Location!;
    }
}
