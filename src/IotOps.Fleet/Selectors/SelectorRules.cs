using System.Globalization;

namespace IotOps.Fleet.Selectors;

/// <summary>What CloudTrail accepts as advanced event selectors.</summary>
internal static class SelectorRules
{
    private const int MaxName = 1_000;
    private const int MaxValue = 2_048;
    private const string Category = "eventCategory";
    private const string ResourceType = "resources.type";

    private static readonly string[] ManagementFields = [Category, "eventSource", "readOnly"];
    private static readonly string[] StoreManagementFields = ["eventName", "eventType", "sessionCredentialFromConsole", "userIdentity.arn"];
    private static readonly string[] NetworkFields = [Category, "eventSource", "eventName", "errorCode", "vpcEndpointId"];
    private static readonly string[] DataFields =
        [Category, ResourceType, "eventName", "eventSource", "eventType", "readOnly", "resources.ARN", "sessionCredentialFromConsole", "userIdentity.arn"];

    private static readonly string[] StoreCategories = ["Insight", "ConfigurationItem", "Evidence", "ActivityAuditLog"];
    private static readonly string[] ExcludableSources = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

    public static IReadOnlyList<EventSelectorProblem> Check(IReadOnlyList<EventSelector> selectors, EventSelectorTarget target)
    {
        var problems = new List<EventSelectorProblem>();
        if (selectors.Count == 0)
        {
            problems.Add(new EventSelectorProblem(null, null, "at least one is needed"));
        }

        int values = 0;
        for (int i = 0; i < selectors.Count; i++)
        {
            values += selectors[i].Fields.Sum(field => SelectorOperator.All.Sum(op => op.ValuesOf(field)?.Count ?? 0));
            CheckSelector(selectors[i], target, (field, rule) => problems.Add(new EventSelectorProblem(i, field, rule)));
        }

        if (values > EventSelectors.MaxValues)
        {
            problems.Add(new EventSelectorProblem(null, null, $"{values} values in all conditions together; at most {EventSelectors.MaxValues} are allowed"));
        }

        return problems;
    }

    private static void CheckSelector(EventSelector selector, EventSelectorTarget target, Action<string?, string> report)
    {
        if (selector.Name is { Length: > MaxName } name)
        {
            report(null, $"Name has {name.Length} characters; at most {MaxName} are allowed");
        }

        foreach (EventFieldSelector field in selector.Fields)
        {
            CheckValues(field, report);
        }

        EventFieldSelector[] categories = [.. selector.Fields.Where(field => field.Field == Category)];
        if (categories is not [{ EqualTo: [var category], StartsWith: null, EndsWith: null, NotEqualTo: null, NotStartsWith: null, NotEndsWith: null }])
        {
            report(Category, categories.Length == 0 ? "is required" : "must be given once, with Equals and one value");
            return;
        }

        if (Allowed(category, target) is not { } allowed)
        {
            report(Category, $"'{category}' is none of {string.Join(", ", Categories(target))}");
            return;
        }

        foreach (EventFieldSelector field in selector.Fields)
        {
            CheckField(field, category, target, allowed, report);
        }

        Require(selector, category == "Data" ? ResourceType : category == "NetworkActivity" ? "eventSource" : Category, category, report);
    }

    private static void CheckValues(EventFieldSelector field, Action<string?, string> report)
    {
        bool any = false;
        foreach (SelectorOperator op in SelectorOperator.All)
        {
            if (op.ValuesOf(field) is not { } values)
            {
                continue;
            }

            any = true;
            if (values.Count == 0)
            {
                report(field.Field, $"{op.Name} has no value");
            }

            foreach (string value in values)
            {
                if (value is null or { Length: 0 or > MaxValue })
                {
                    report(field.Field, $"{op.Name} has a value of {value?.Length ?? 0} characters; 1 to {MaxValue} are allowed");
                }
            }
        }

        if (!any)
        {
            report(field.Field, $"has no operator; give one of {string.Join(", ", SelectorOperator.All.Select(op => op.Name))}");
        }
    }

    private static void CheckField(
        EventFieldSelector field, string category, EventSelectorTarget target, IReadOnlyCollection<string> allowed, Action<string?, string> report)
    {
        if (!allowed.Contains(field.Field, StringComparer.Ordinal))
        {
            string where = target == EventSelectorTarget.Trail ? "on a trail" : "in an event data store";
            report(field.Field, $"{category} events cannot be chosen by it {where}, only by {string.Join(", ", allowed)}");
            return;
        }

        string? other = SelectorOperator.All.FirstOrDefault(op => op.Name != SelectorOperator.EqualsName && op.ValuesOf(field) is not null)?.Name;
        bool equalsOnly = field.Field is "readOnly" or ResourceType or Category || (category == "NetworkActivity" && field.Field is "eventSource" or "errorCode");
        if (equalsOnly && other is not null)
        {
            report(field.Field, $"takes Equals only, not {other}");
        }

        IEnumerable<string> wrong = field.Field switch
        {
            "readOnly" => Except(field.EqualTo, "true", "false"),
            "errorCode" => Except(field.EqualTo, "VpceAccessDenied"),
            _ => [],
        };
        foreach (string value in wrong)
        {
            report(field.Field, string.Create(CultureInfo.InvariantCulture, $"'{value}' is no value of it; it takes {(field.Field == "readOnly" ? "true or false" : "VpceAccessDenied")}"));
        }

        if (category == "Management" && field.Field == "eventSource" && target == EventSelectorTarget.Trail
            && (Only(field, SelectorOperator.NotEqualsName) is not { } excluded || Except(excluded, ExcludableSources).Any()))
        {
            report(field.Field, $"management events on a trail take NotEquals of {string.Join(" or ", ExcludableSources)} only");
        }
    }

    private static void Require(EventSelector selector, string required, string category, Action<string?, string> report)
    {
        int count = selector.Fields.Count(field => field.Field == required);
        if (count != 1)
        {
            report(required, count == 0 ? $"is required for {category} events" : "may be given once; add a selector for other values");
        }
    }

    private static string[]? Allowed(string category, EventSelectorTarget target) => category switch
    {
        "Management" => target == EventSelectorTarget.Trail ? ManagementFields : [.. ManagementFields, .. StoreManagementFields],
        "Data" => DataFields,
        "NetworkActivity" => target == EventSelectorTarget.EventDataStore ? NetworkFields : [.. NetworkFields, "userIdentity.arn"],
        _ => target != EventSelectorTarget.Trail && StoreCategories.Contains(category, StringComparer.Ordinal) ? [Category] : null,
    };

    private static string[] Categories(EventSelectorTarget target) =>
        target == EventSelectorTarget.Trail ? ["Management", "Data", "NetworkActivity"] : ["Management", "Data", "NetworkActivity", .. StoreCategories];

    private static IEnumerable<string> Except(IReadOnlyList<string>? values, params string[] known) =>
        (values ?? []).Where(value => !known.Contains(value, StringComparer.Ordinal));

    // The operator's values when it is the only one.
    private static IReadOnlyList<string>? Only(EventFieldSelector field, string name) =>
        SelectorOperator.All.Where(op => op.ValuesOf(field) is not null).ToArray() is [{ } only] && only.Name == name ? only.ValuesOf(field) : null;
}
