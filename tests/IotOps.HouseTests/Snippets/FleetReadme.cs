using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Fleet/README.md.</summary>
internal static class FleetReadme
{
    public static async Task Selectors(string text, JsonElement record)
    {
        EventSelectors all = EventSelectors.AllGreengrassData();
        EventSelectors changes = EventSelectors.WriteOnlyData("AWS::IoT::Thing");
        await File.WriteAllBytesAsync("selectors.json", changes.ToUtf8Json()); // aws cloudtrail put-event-selectors --advanced-event-selectors file://selectors.json

        if (!EventSelectors.TryParse(text, EventSelectorTarget.Trail, out EventSelectors? own, out IReadOnlyList<EventSelectorProblem> problems))
        {
            foreach (EventSelectorProblem problem in problems)
            {
                Console.WriteLine(problem); // selector 0, field readOnly: takes Equals only, not NotEquals
            }
        }
        else if (own.Find(record) is { } selector)
        {
            Console.WriteLine($"'{selector.Name}' would log this record");
        }
    }
}
