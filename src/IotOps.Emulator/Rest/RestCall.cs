using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Rest;

/// <summary>One request to a REST JSON service of AWS IoT whose signature holds.</summary>
internal sealed record RestCall(HttpContext Context, RequestTarget Target, byte[] Payload, FaultInjector Faults, TimeProvider TimeProvider)
{
    private const string ContentType = "application/json";
    private const string TokenMark = "after:";

    public string Method => Context.Request.Method;

    public QueryParameters Query => Target.Query;

    /// <summary>The region that the request was signed for.</summary>
    public string Region { get; init; } = "";

    public static Refusal Invalid(string message) => new(400, "InvalidRequestException", message);

    /// <summary>Checks the signature. The IoT services answer 403 where the JSON services answer 400.</summary>
    /// <returns>The call with what is known now.</returns>
    /// <exception cref="Refusal">It does not hold.</exception>
    public RestCall Verify(SignatureVerifier verifier, string service, ReadOnlySpan<byte> body)
    {
        try
        {
            VerifiedSignature signature = verifier.VerifyJson(Context.Request, Target, SignatureErrors.Json(service), body);
            return this with { Payload = body.ToArray(), Region = signature.Claim.Scope.Region };
        }
        catch (Refusal refusal)
        {
            throw new Refusal(403, refusal.Code, refusal.Message);
        }
    }

    /// <summary>What follows a prefix of the path, decoded.</summary>
    public string Rest(string prefix, string suffix = "") => UriCoding.Decode(Target.RawPath[prefix.Length..^suffix.Length]);

    /// <summary>Sees to it that a request brings nothing but this: what is not emulated must not be taken for done.</summary>
    /// <exception cref="Refusal">501, with the name of what is not.</exception>
    public void RefuseAllBut(string operation, ReadOnlySpan<string> query, ReadOnlySpan<string> headers = default)
    {
        foreach ((string name, _) in Query.All)
        {
            if (!query.Contains(name))
            {
                throw Refusal.NotImplemented($"The emulator's {operation} has no parameter '{name}'.");
            }
        }

        foreach (string name in Context.Request.Headers.Keys.Where(n => n.StartsWith("x-amz-mqtt5-", StringComparison.OrdinalIgnoreCase)))
        {
            if (!headers.Contains(name.ToLowerInvariant()))
            {
                throw Refusal.NotImplemented($"The emulator's {operation} has no header '{name}'.");
            }
        }
    }

    /// <summary>A boolean of the query; false when absent.</summary>
    public bool Flag(string name) => Query.Find(name)?.ToLowerInvariant() switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Invalid($"{name} is true or false, not '{Query.Find(name)}'."),
    };

    /// <summary>A number of the query within bounds.</summary>
    public long Number(string name, long whenAbsent, long min, long max)
    {
        if (Query.Find(name) is not { } text)
        {
            return whenAbsent;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= min && number <= max
            ? number
            : throw Invalid($"{name} is a number from {min} to {max}, not '{text}'.");
    }

    /// <summary>How many items a page may have, as a body says it.</summary>
    public static long PageSize(JsonInput input, int max) =>
        input.Number("maxResults") is not { } asked ? max
        : asked >= 1 && asked <= max ? asked
        : throw Invalid($"maxResults is a number from 1 to {max}, not {asked}.");

    /// <summary>What a page starts behind: what its token says; empty for the first.</summary>
    public string After() => After(Query.Find("nextToken"));

    /// <summary>How many items a page may have, as the query says it.</summary>
    public int PageSize(string name = "maxResults", int max = 250) => (int)Number(name, max, 1, max);

    /// <summary>The same of a token that came in a body.</summary>
    public static string After(string? token)
    {
        if (token is null)
        {
            return "";
        }

        byte[] buffer = new byte[token.Length];
        return Convert.TryFromBase64String(token, buffer, out int length)
            && Encoding.UTF8.GetString(buffer, 0, length) is var text && text.StartsWith(TokenMark, StringComparison.Ordinal)
            ? text[TokenMark.Length..]
            : throw Invalid("The nextToken is none of this listing's.");
    }

    /// <summary>The token of the page that starts behind something.</summary>
    public static string TokenBehind(string last) => Convert.ToBase64String(Encoding.UTF8.GetBytes(TokenMark + last));

    /// <summary>Takes the fault that hits this call, and carries its part before the operation out.</summary>
    /// <exception cref="Refusal">It answers with an error.</exception>
    public async Task<Fault?> TakeFaultAsync(FaultRequest request)
    {
        Fault? fault = Faults.IsEmpty ? null : Faults.Take(request);
        if (fault is not null)
        {
            await InjectedFault.BeforeAsync(fault, Context, TimeProvider).ConfigureAwait(false);
        }

        return fault;
    }

    public Task AnswerAsync(ReadOnlyMemory<byte> body, Fault? fault) =>
        JsonAnswer.WriteAsync(Context, 200, body, InjectedFault.BytesLetThrough(fault), ContentType);

    public Task AnswerAsync(Action<Utf8JsonWriter> members, Fault? fault) => AnswerAsync(Object(members), fault);

    public Task AnswerAsync(Refusal refusal)
    {
        Context.Response.Headers["x-amzn-ErrorType"] = refusal.Code;
        byte[] body = Object(json =>
        {
            json.WriteString("message"u8, refusal.Message);
            json.WriteString("traceId"u8, Context.Response.Headers["x-amzn-RequestId"]);
        });
        return JsonAnswer.WriteAsync(Context, refusal.Status, body, contentType: ContentType);
    }

    private static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }
}
