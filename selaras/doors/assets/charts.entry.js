// The parts of Apache ECharts that the office draws with; esbuild bundles only these (233 KB instead of 369 KB gzipped).
// Canvas, not SVG: the SVG renderer writes style attributes, which the content security policy refuses.
import { init, registerMap, use } from "echarts/core";
import { BarChart, LineChart, MapChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, MapChart, ScatterChart, AriaComponent, GeoComponent, GridComponent, LegendComponent,
  TooltipComponent, LabelLayout, CanvasRenderer]);
window.echarts = { init, registerMap };
