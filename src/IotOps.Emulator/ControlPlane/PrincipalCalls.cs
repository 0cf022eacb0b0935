using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Iot;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// AttachThingPrincipal, DetachThingPrincipal, ListThingPrincipals and ListPrincipalThings; a principal is a certificate.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_ListPrincipalThings.html.
/// </summary>
internal sealed class PrincipalCalls(FleetStore store, IotRegistry registry, IotArns arns)
{
    private const string Header = "x-amzn-principal";

    public void OfThing(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ListThingPrincipals", ["nextToken", "maxResults"]);
        store.Thing(IotName.Checked(name));
        Write(call, "principals", registry.PrincipalsOf(name), id => arns.Certificate(call, id), output);
    }

    public void ThingsOf(RestCall call, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ListPrincipalThings", ["nextToken", "maxResults"]);
        Write(call, "things", registry.ThingsOf(Principal(call)), thing => thing, output);
    }

    public void Attach(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("AttachThingPrincipal", []);
        store.Thing(IotName.Checked(name));
        registry.Attach(name, Principal(call));
    }

    public void Detach(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("DetachThingPrincipal", []);
        store.Thing(IotName.Checked(name));
        registry.Detach(name, Principal(call));
    }

    private string Principal(RestCall call)
    {
        string? arn = call.Context.Request.Headers[Header];
        if (arns.Read(arn) is not (IotArns.CertificateKind, { } id))
        {
            throw RestCall.Invalid($"The header {Header} is the ARN of a certificate, not '{arn}'.");
        }

        return registry.Certificate(id) is null ? throw new Refusal(404, "ResourceNotFoundException", $"The principal {arn} cannot be found.") : id;
    }

    private static void Write(RestCall call, string member, IReadOnlyList<string> all, Func<string, string> text, Utf8JsonWriter output)
    {
        ListPage<string> page = ListPage.Of(all, one => one, call.After(), call.PageSize());
        output.WriteStartArray(member);
        foreach (string one in page.Items)
        {
            output.WriteStringValue(text(one));
        }

        output.WriteEndArray();
        page.WriteToken(output);
    }
}
