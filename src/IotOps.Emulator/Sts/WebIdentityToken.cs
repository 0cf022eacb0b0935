using System.Buffers.Text;
using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Sts;

/// <summary>
/// What a JSON Web Token says of its bearer. Its signature is not checked: the emulator knows no identity providers.
/// See https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html.
/// </summary>
/// <param name="Subject">Who bears it.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="Audience">For whom.</param>
internal sealed record WebIdentityToken(string Subject, string Issuer, string Audience)
{
    /// <exception cref="Refusal">It is not a token, or its time is over.</exception>
    public static WebIdentityToken Read(string token, DateTimeOffset now)
    {
        if (token.Length is < 4 or > 20_000)
        {
            throw StsMembers.Violated(token.Length == 0 ? "null" : "***", "webIdentityToken", "Member must have length between 4 and 20000");
        }

        JsonElement claims = Claims(token);
        string subject = Text(claims, "sub");
        string issuer = Text(claims, "iss");
        if (subject.Length == 0 || issuer.Length == 0)
        {
            throw Invalid("a required claim (sub, iss) is missing");
        }

        return claims.TryGetProperty("exp", out JsonElement end) && end.ValueKind == JsonValueKind.Number && end.TryGetInt64(out long seconds) && seconds <= now.ToUnixTimeSeconds()
            ? throw new Refusal(400, "ExpiredTokenException", $"Token expired: current date/time {now.ToUnixTimeSeconds()} must be before the expiration date/time {seconds}")
            : new WebIdentityToken(subject, issuer, Text(claims, "aud"));
    }

    private static JsonElement Claims(string token)
    {
        try
        {
            return token.Split('.') is [_, { } payload, _] && JsonElement.Parse(Base64Url.DecodeFromChars(payload)) is { ValueKind: JsonValueKind.Object } claims
                ? claims
                : throw Invalid("it does not have three parts, the second of them an object");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw Invalid("its claims cannot be read");
        }
    }

    // An audience may be a list: the first of it.
    private static string Text(JsonElement claims, string name) => !claims.TryGetProperty(name, out JsonElement value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.String ? value[0].GetString()!
        : "";

    private static Refusal Invalid(string why) => new(400, "InvalidIdentityToken", $"The ID Token provided is not a valid JWT: {why}.");
}
