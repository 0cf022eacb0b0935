using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IotOps.FleetConsole.Tests.Lab;

/// <summary>An OpenID provider on loopback: one user, one client, the code flow with PKCE. A test can make its tokens wrong.</summary>
internal sealed class OpenIdIssuer : IAsyncDisposable
{
    public const string ClientId = "fleet-console";
    public const string ClientSecret = "the-clients-secret";
    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, JsonObject> _codes = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private readonly DateTimeOffset _now;

    private OpenIdIssuer(WebApplication app, DateTimeOffset now)
    {
        _app = app;
        _now = now;
    }

    public Uri Address => new(_app.Urls.First());

    public string[] Groups { get; set; } = ["oncall"];

    /// <summary>Changes the header and the claims before they are signed.</summary>
    public Action<JsonObject, JsonObject> Change { get; set; } = static (_, _) => { };

    /// <summary>Makes the signature; the right one unless set.</summary>
    public Func<byte[], byte[]>? Sign { get; set; }

    /// <summary>Requests to the token endpoint that were refused, and why.</summary>
    public ConcurrentQueue<string> Refused { get; } = [];

    public static async Task<OpenIdIssuer> StartAsync(DateTimeOffset now)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var issuer = new OpenIdIssuer(app, now);
        app.MapGet("/.well-known/openid-configuration", issuer.Discovery);
        app.MapGet("/keys", issuer.Keys);
        app.MapGet("/authorize", issuer.Authorize);
        app.MapPost("/token", (Delegate)issuer.TokenAsync);
        await app.StartAsync();
        return issuer;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Discovery() => Json(new JsonObject
    {
        ["issuer"] = Address.ToString().TrimEnd('/'),
        ["authorization_endpoint"] = new Uri(Address, "/authorize").ToString(),
        ["token_endpoint"] = new Uri(Address, "/token").ToString(),
        ["jwks_uri"] = new Uri(Address, "/keys").ToString(),
        ["response_types_supported"] = new JsonArray("code"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
    });

    private IResult Keys()
    {
        RSAParameters key = _key.ExportParameters(includePrivateParameters: false);
        return Json(new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "k1", ["alg"] = "RS256", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent) }),
        });
    }

    private IResult Authorize(HttpContext context)
    {
        string code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        IQueryCollection query = context.Request.Query;
        _codes[code] = new JsonObject { ["nonce"] = (string?)query["nonce"], ["challenge"] = (string?)query["code_challenge"], ["method"] = (string?)query["code_challenge_method"], ["redirect"] = (string?)query["redirect_uri"] };
        return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"]!)}");
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        if (!_codes.TryRemove((string?)form["code"] ?? "", out JsonObject? asked))
        {
            return Refuse("unknown code");
        }

        string proof = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes((string?)form["code_verifier"] ?? "")));
        if ((string?)asked["method"] != "S256" || proof != (string?)asked["challenge"])
        {
            return Refuse("PKCE");
        }

        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret || form["redirect_uri"] != (string?)asked["redirect"])
        {
            return Refuse("client");
        }

        return Json(new JsonObject { ["access_token"] = "an-access-token", ["token_type"] = "Bearer", ["expires_in"] = 300, ["id_token"] = IdToken((string?)asked["nonce"]) });
    }

    private string IdToken(string? nonce)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = "k1", ["typ"] = "JWT" };
        var claims = new JsonObject
        {
            ["iss"] = Address.ToString().TrimEnd('/'),
            ["aud"] = ClientId,
            ["sub"] = "bo",
            ["nonce"] = nonce,
            ["iat"] = _now.ToUnixTimeSeconds(),
            ["exp"] = _now.AddMinutes(5).ToUnixTimeSeconds(),
            ["groups"] = new JsonArray([.. Groups.Select(group => (JsonNode)group)]),
        };
        Change(header, claims);
        string body = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        byte[] bytes = Encoding.ASCII.GetBytes(body);
        byte[] signature = Sign is null ? _key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : Sign(bytes);
        return $"{body}.{Base64Url.EncodeToString(signature)}";
    }

    private IResult Refuse(string why)
    {
        Refused.Enqueue(why);
        return Results.Text("""{"error":"invalid_grant"}""", "application/json", statusCode: 400);
    }

    private static IResult Json(JsonObject json) => Results.Text(json.ToJsonString(), "application/json");
}
