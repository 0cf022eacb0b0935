using System.Text;
using System.Xml;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Sts;

/// <summary>
/// The security token service: temporary keys for a role. Query protocol, version 2011-06-15.
/// See https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
/// </summary>
internal sealed class StsEndpoint(RoleRegistry roles, KeyRing keys, SignatureVerifier verifier, FaultInjector faults, EmulatorOptions options) : IEndpoint
{
    private const int MaxBodyBytes = 64 << 10;

    private static readonly SignatureErrors Errors = SignatureErrors.Json("sts");

    /// <summary>
    /// Whether a request is for this service: the scope of its signature says so, or, where there is none, its form, which no other service has at this path.
    /// </summary>
    public bool IsFor(HttpContext context) => context.Request.Headers.Authorization.ToString() is { Length: > 0 } signed
        ? signed.Contains("/sts/aws4_request", StringComparison.Ordinal)
        : context.Request.Path == "/" && !context.Request.Headers.ContainsKey("X-Amz-Target")
            && (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true || context.Request.Query.ContainsKey("Action"));

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
            var form = new QueryParameters(HttpMethods.IsGet(context.Request.Method) ? context.Request.QueryString.Value ?? "" : Encoding.UTF8.GetString(body.Span));
            StsMembers.CheckOperation(form);
            AccessKey? caller = form.Find("Action") == StsMembers.Unsigned ? null : Caller(context, body);
            StsMembers.Check(form);
            await ExecuteAsync(context, caller, form).ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            await StsAnswer.WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private AccessKey Caller(HttpContext context, PooledBuffer body)
    {
        VerifiedSignature signature = Verify(context, body);
        keys.TryFind(signature.Claim.AccessKeyId, out AccessKey? caller);
        return caller!;
    }

    private async Task ExecuteAsync(HttpContext context, AccessKey? caller, QueryParameters form)
    {
        string operation = form.Find("Action")!;
        Fault? fault = faults.Take(new FaultRequest { Operation = operation, RoleArn = form.Find("RoleArn") });
        if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, options.TimeProvider).ConfigureAwait(false))
        {
            return;
        }

        Action<XmlWriter> result = operation switch
        {
            "AssumeRole" => AssumeRole(caller!, form),
            StsMembers.Unsigned => AssumeRoleWithWebIdentity(form),
            "GetSessionToken" => SessionToken(caller!, form),
            _ => Identity(caller!),
        };
        await StsAnswer.WriteAsync(context, operation, result, InjectedFault.BytesLetThrough(fault)).ConfigureAwait(false);
    }

    private Action<XmlWriter> AssumeRole(AccessKey caller, QueryParameters form)
    {
        RoleRequest asked = RoleRequest.Read(form);
        string identity = CallerArn(caller);
        EmulatedRole? known = roles.Find(asked.RoleArn);
        string? externalId = form.Find("ExternalId");
        if (externalId is not null && (externalId.Length is < 2 or > 1_224 || !externalId.All(c => char.IsAsciiLetterOrDigit(c) || "_+=,.@:/-".Contains(c, StringComparison.Ordinal))))
        {
            throw StsMembers.Violated(externalId, "externalId", "Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*");
        }

        if (known is { CanBeAssumed: false } || (known?.ExternalId is { } wanted && wanted != externalId))
        {
            throw new Refusal(403, "AccessDenied", $"User: {identity} is not authorized to perform: sts:AssumeRole on resource: {asked.RoleArn}");
        }

        if (caller.SessionToken is not null && asked.Seconds > 3_600)
        {
            throw new Refusal(400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
        }

        AccessKey key = Issue(asked, known, identity);
        string? source = form.Find("SourceIdentity");
        return xml =>
        {
            Write(xml, key);
            Write(xml, key, asked);
            if (source is not null)
            {
                xml.WriteElementString("SourceIdentity", source);
            }
        };
    }

    private Action<XmlWriter> AssumeRoleWithWebIdentity(QueryParameters form)
    {
        RoleRequest asked = RoleRequest.Read(form);
        var token = WebIdentityToken.Read(form.Find("WebIdentityToken") ?? "", options.TimeProvider.GetUtcNow());
        EmulatedRole? known = roles.Find(asked.RoleArn);
        if (known is { CanBeAssumed: false })
        {
            throw new Refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
        }

        AccessKey key = Issue(asked, known, token.Subject);
        return xml =>
        {
            Write(xml, key);
            xml.WriteElementString("SubjectFromWebIdentityToken", token.Subject);
            Write(xml, key, asked);
            xml.WriteElementString("Provider", token.Issuer);
            xml.WriteElementString("Audience", token.Audience);
        };
    }

    private Action<XmlWriter> SessionToken(AccessKey caller, QueryParameters form)
    {
        if (caller.SessionToken is not null)
        {
            throw new Refusal(403, "AccessDenied", "Cannot call GetSessionToken with session credentials");
        }

        int seconds = StsMembers.Seconds(form, otherwise: 43_200, most: 129_600);
        AccessKey key = TemporaryKey.Issue(keys, options.TimeProvider, TimeSpan.FromSeconds(seconds), CallerArn(caller), caller.CallerId ?? caller.Id);
        return xml => Write(xml, key);
    }

    private AccessKey Issue(RoleRequest asked, EmulatedRole? known, string caller)
    {
        if (asked.Seconds > (known?.MaxSessionDuration ?? TimeSpan.FromHours(12)).TotalSeconds)
        {
            throw new Refusal(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }

        AccessKey key = TemporaryKey.Issue(keys, options.TimeProvider, TimeSpan.FromSeconds(asked.Seconds), asked.Role.SessionArn(asked.Session), $"{asked.Role.Id}:{asked.Session}", known?.SessionTokenChars ?? 128);
        roles.Add(new AssumeRoleCall { RoleArn = asked.RoleArn, RoleSessionName = asked.Session, CallerArn = caller, ExpiresAt = key.Expires!.Value });
        return key;
    }

    private static void Write(XmlWriter xml, AccessKey key)
    {
        xml.WriteStartElement("Credentials");
        xml.WriteElementString("AccessKeyId", key.Id);
        xml.WriteElementString("SecretAccessKey", key.Secret);
        xml.WriteElementString("SessionToken", key.SessionToken);
        xml.WriteElementString("Expiration", key.Expires!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, AccessKey key, RoleRequest asked)
    {
        xml.WriteStartElement("AssumedRoleUser");
        xml.WriteElementString("AssumedRoleId", $"{asked.Role.Id}:{asked.Session}");
        xml.WriteElementString("Arn", key.CallerArn);
        xml.WriteEndElement();
    }

    private Action<XmlWriter> Identity(AccessKey caller) => xml =>
    {
        string arn = CallerArn(caller);
        xml.WriteElementString("Arn", arn);
        xml.WriteElementString("UserId", caller.CallerId ?? caller.Id);
        xml.WriteElementString("Account", arn.Split(':')[4]);
    };

    private string CallerArn(AccessKey key) => key.CallerArn ?? $"arn:aws:iam::{options.AccountId}:user/emulator";

    // STS answers 403 where the JSON services answer 400, and has names of its own for two of the refusals.
    private VerifiedSignature Verify(HttpContext context, PooledBuffer body)
    {
        try
        {
            return verifier.VerifyJson(context.Request, RequestTarget.Of(context), Errors, body.Span);
        }
        catch (Refusal refusal)
        {
            throw new Refusal(403, refusal.Code switch
            {
                "UnrecognizedClientException" => "InvalidClientTokenId",
                "InvalidSignatureException" => "SignatureDoesNotMatch",
                "ExpiredTokenException" => "ExpiredToken",
                "MissingAuthenticationTokenException" => "MissingAuthenticationToken",
                "IncompleteSignatureException" => "IncompleteSignature",
                string other => other,
            }, refusal.Message);
        }
    }
}
