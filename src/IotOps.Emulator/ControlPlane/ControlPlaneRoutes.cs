using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Iot;
using IotOps.Emulator.Rest;
using IotOps.Emulator.Signing;
using IotOps.Emulator.TopicRules;

namespace IotOps.Emulator.ControlPlane;

/// <summary>Which operation a request of the control plane is.</summary>
internal sealed class ControlPlaneRoutes
{
    private readonly List<Route> _routes = [];

    public ControlPlaneRoutes(FleetStore store, FleetIndex index, IndexingStore indexing, IotRegistry registry, CertificateAuthority authority, RuleStore topicRules, string accountId)
    {
        var arns = new IotArns(accountId);
        var groups = new ThingGroupCalls(store, index, arns);
        var edits = new ThingGroupEdits(store, index, arns);
        var members = new MembershipCalls(store, index, arns);
        var things = new ThingCalls(store, registry, arns);
        var principals = new PrincipalCalls(store, registry, arns);
        var certificates = new CertificateCalls(registry, authority, arns);
        var policies = new PolicyCalls(new PolicyStore(), store, registry, arns);
        var searches = new SearchCalls(index);
        var findings = new FindingCalls(store);
        var settings = new IndexingCalls(indexing);
        var rules = new TopicRuleCalls(topicRules, arns);

        Add("POST", "/audit/findings", "ListAuditFindings", findings.List);
        Add("POST", "/indices/search", "SearchIndex", searches.Search);
        Add("GET", "/indexing/config", "GetIndexingConfiguration", settings.Get);
        Add("POST", "/indexing/config", "UpdateIndexingConfiguration", settings.Update);

        Add("PUT", "/thing-groups/addThingToThingGroup", "AddThingToThingGroup", members.Add);
        Add("PUT", "/thing-groups/removeThingFromThingGroup", "RemoveThingFromThingGroup", members.Remove);
        Add("GET", "/things/{}/thing-groups", "ListThingGroupsForThing", members.List);
        Add("GET", "/thing-groups", "ListThingGroups", groups.List);
        Add("GET", "/thing-groups/{}", "DescribeThingGroup", groups.Describe);
        Add("GET", "/thing-groups/{}/things", "ListThingsInThingGroup", groups.ListThings);
        Add("POST", "/thing-groups/{}", "CreateThingGroup", edits.Create);
        Add("DELETE", "/thing-groups/{}", "DeleteThingGroup", edits.Delete);
        Add("POST", "/dynamic-thing-groups/{}", "CreateDynamicThingGroup", edits.CreateDynamic);
        Add("PATCH", "/dynamic-thing-groups/{}", "UpdateDynamicThingGroup", edits.UpdateDynamic);
        Add("DELETE", "/dynamic-thing-groups/{}", "DeleteDynamicThingGroup", edits.DeleteDynamic);

        Add("GET", "/things", "ListThings", things.List);
        Add("POST", "/things/{}", "CreateThing", things.Create);
        Add("GET", "/things/{}", "DescribeThing", things.Describe);
        Add("DELETE", "/things/{}", "DeleteThing", things.Delete);
        Add("GET", "/things/{}/principals", "ListThingPrincipals", principals.OfThing);
        Add("PUT", "/things/{}/principals", "AttachThingPrincipal", principals.Attach);
        Add("DELETE", "/things/{}/principals", "DetachThingPrincipal", principals.Detach);
        Add("GET", "/principals/things", "ListPrincipalThings", principals.ThingsOf);

        Add("GET", "/certificates", "ListCertificates", certificates.List);
        Add("GET", "/certificates/{}", "DescribeCertificate", certificates.Describe);
        Add("PUT", "/certificates/{}", "UpdateCertificate", certificates.Update);
        Add("POST", "/keys-and-certificate", "CreateKeysAndCertificate", certificates.Create);
        Add("POST", "/certificate/register-no-ca", "RegisterCertificateWithoutCA", certificates.Register);

        Add("GET", "/rules", "ListTopicRules", rules.List);
        Add("POST", "/rules/{}", "CreateTopicRule", rules.Create);
        Add("PATCH", "/rules/{}", "ReplaceTopicRule", rules.Replace);
        Add("GET", "/rules/{}", "GetTopicRule", rules.Get);
        Add("DELETE", "/rules/{}", "DeleteTopicRule", rules.Delete);
        Add("POST", "/rules/{}/enable", "EnableTopicRule", rules.Enable);
        Add("POST", "/rules/{}/disable", "DisableTopicRule", rules.Disable);

        Add("POST", "/policies/{}", "CreatePolicy", policies.Create);
        Add("GET", "/policies/{}", "GetPolicy", policies.Get);
        Add("PUT", "/target-policies/{}", "AttachPolicy", policies.Attach);
        Add("POST", "/target-policies/{}", "DetachPolicy", policies.Detach);
        Add("POST", "/attached-policies/{}", "ListAttachedPolicies", policies.OfTarget);
        Add("POST", "/policy-targets/{}", "ListTargetsForPolicy", policies.TargetsOf);
    }

    /// <exception cref="Refusal">501: the emulator has no such operation.</exception>
    public (string Operation, Action<Utf8JsonWriter> Answer) Find(RestCall call)
    {
        string[] path = call.Target.RawPath.Split('/');
        foreach (Route route in _routes)
        {
            if (route.Method == call.Method && route.TryMatch(path, out string? name))
            {
                string decoded = name is null ? "" : UriCoding.Decode(name);
                return (route.Operation, json => route.Answer(call, decoded, json));
            }
        }

        throw Refusal.NotImplemented($"The emulator's control plane of AWS IoT has no {call.Method} {call.Target.RawPath}.");
    }

    private void Add(string method, string path, string operation, Action<RestCall, Utf8JsonWriter> answer) =>
        _routes.Add(new Route(method, path.Split('/'), operation, (call, _, json) => answer(call, json)));

    private void Add(string method, string path, string operation, Action<RestCall, string, Utf8JsonWriter> answer) =>
        _routes.Add(new Route(method, path.Split('/'), operation, answer));

    // A part of the path may be {}, which any text but an empty one matches.
    private sealed record Route(string Method, string[] Path, string Operation, Action<RestCall, string, Utf8JsonWriter> Answer)
    {
        public bool TryMatch(string[] path, out string? name)
        {
            name = null;
            if (path.Length != Path.Length)
            {
                return false;
            }

            for (int i = 0; i < path.Length; i++)
            {
                if (Path[i] == "{}" && path[i].Length > 0)
                {
                    name = path[i];
                }
                else if (Path[i] != path[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
