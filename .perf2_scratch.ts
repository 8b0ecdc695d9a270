import { parseTOML } from "toml-eslint-parser";
import { injectSources } from "./lib/pyproject/inject.ts";
const lines=['[project]','name = "app"','dependencies = ['];
for(let i=0;i<500;i++) lines.push(`    "dep-${i}>=1.0", # why`);
lines.push(']','','[tool.uv.sources]');
for(let i=0;i<500;i++) lines.push(`src-${i} = { git = "https://x/y", tag = "v${i}" }`);
for(let i=0;i<400;i++) lines.push('',`[tool.x${i}]`,...Array.from({length:8},(_, j)=>`k${j} = ["a", 1, { b = 2 }]`));
const text=lines.join("\n")+"\n";
for (const n of [2,100]) {
const plan={packages:Array.from({length:n},(_, i)=>({name:i<n/2?`src-${i*4}`:`plug-${i}`,source:{kind:"path" as const,path:`packages/p${i}`},extras:[],group:i%3?undefined:"g",require:true})),constraints:[],overrides:[],excludes:[]};
const r=injectSources(text,plan).text;
const A:number[]=[],B:number[]=[];
for(let i=0;i<40;i++){ let a=performance.now(); const x=parseTOML(text,{tomlVersion:"1.1"}); const y=parseTOML(r,{tomlVersion:"1.1"}); let b=performance.now(); injectSources(text,plan); let c=performance.now(); A.push(b-a);B.push(c-b); }
A.sort((a,b)=>a-b);B.sort((a,b)=>a-b);
console.log(n,"min",(B[0]/A[0]).toFixed(2),"q1",(B[10]/A[10]).toFixed(2),"med",(B[20]/A[20]).toFixed(2), A[20].toFixed(0));
}
